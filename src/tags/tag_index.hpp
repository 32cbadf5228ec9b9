// Keeps videos_by_tag and the lists of tags what the videos say.
#pragma once

#include <functional>
#include <string>

#include "catalog/tables.hpp"
#include "common/keyed_mutex.hpp"
#include "tags/tables.hpp"

namespace killrvideo {

/// All of it may be used by any thread. REQUIRES: no other process changes lists at the same time,
/// which the relay's lease sees to.
class TagIndex {
 public:
  /// The store outlives this.
  explicit TagIndex(storage::Store& store) : store_(store) {}

  /// Brings the lists of a video's tags up to date with the video as it is stored now. Repeating it
  /// changes nothing.
  Task<void> index(const Context& context, VideoId video);

  /// Makes a tag's list from all rows of videos_by_tag; writes it if it differs.
  Task<void> make_list(const Context& context, std::string tag);

 private:
  storage::Store& store_;
  KeyedMutex<std::string> changing_;  // tags whose rows are being changed
};

/// A video's row in the partition of one of its tags.
VideoByTag tagged(const Video& video, const std::string& tag);

}  // namespace killrvideo
