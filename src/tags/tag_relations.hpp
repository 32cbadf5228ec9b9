// Which videos share tags.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "catalog/tables.hpp"
#include "tags/tables.hpp"

namespace killrvideo {

/// How closely tags relate a video to another one.
struct SharedTags {
  std::int64_t shared = 0;  ///< how many tags
  std::int64_t rarity = 0;  ///< the sum of their rarities: a tag's is greater, the fewer have it
  VideoId video;
};

/// The videos that share tags with one, of each tag those in its list; they may be gone, or have
/// other tags by now.
class TagRelations {
 public:
  /// Sums up what the lists of the video's tags say, but for the video itself.
  TagRelations(const VideoId& video, std::span<const std::optional<TaggedVideos>> lists);

  /// Goes on after this one. Called before next(), if at all.
  void skip_to(const SharedTags& position);

  /// The next ones, closest first: at least `count`, unless there are no more. They are found
  /// without all being sorted. Valid until the next call.
  std::span<const SharedTags> next(std::size_t count);

  /// All, in no order; valid until the next call of the others.
  std::span<const SharedTags> all() const { return sums_; }

 private:
  std::vector<SharedTags> sums_;
  std::size_t taken_ = 0;  // so many, at the beginning, come before all others
};

/// How many tags two videos have in common.
std::int64_t count_shared_tags(const Video& a, const Video& b);

}  // namespace killrvideo
