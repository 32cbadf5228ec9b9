// Making all suggestions anew, in bulk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "storage/store.hpp"
#include "suggestions/tag_index.hpp"

namespace killrvideo {

/// Who keeps suggestions up to date, rating by rating: they have to be made anew when that changes.
enum class Counting {
  in_one_process,  ///< a Recommender
  by_partitions,   ///< SharedRecommenders
};

/// Told how many of something are done.
using RebuildProgress =
    std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

/// Makes likes, scores and lists what the ratings in the store say, and videos_by_tag and the lists
/// of tags what the videos say; but for the rows of videos_by_tag, writes what differs only. The
/// result is what the ratings' and videos' events would have led to. Takes some 100 bytes of memory
/// a rating. `in_flight` is as for BulkWriter, `counting` says how ratings are counted after this:
/// if it says nothing, as before. Where that is by partitions it first waits until all
/// SharedRecommenders know (see MadeWatch). Blocks; what `progress` throws ends it. REQUIRES: no
/// Recommender is at work, see Recommender::exclusively; nobody but `tags` changes the lists of
/// tags.
void rebuild_suggestions(storage::Store& store, TagIndex& tags, std::size_t in_flight,
                         const RebuildProgress& progress,
                         std::optional<Counting> counting = std::nullopt);

/// Whether there has to be a rebuild: there has never been one, it was cut off, so that what it has
/// written does not fit the rest, somebody asks for one, or ratings were counted in the other way.
/// A store that has nothing yet needs none, and this keeps that in mind.
bool rebuild_is_needed(storage::Store& store, Counting counting = Counting::in_one_process);

/// When the last rebuild ended, after which ratings are counted in this way; nothing if there has
/// to be one. Blocks.
std::optional<Timestamp> suggestions_made_at(storage::Store& store, Counting counting);

/// Says that there has to be one.
Task<void> ask_for_rebuild(storage::Store& store);

}  // namespace killrvideo
