// The videos of some tags beside those that stand elsewhere in a listing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "suggestions/page_builder.hpp"

namespace killrvideo {

/// Goes through the partitions of videos_by_tag, one tag after the other.
class LongTags {
 public:
  /// Begins after `place` if it is of kind long_tag, else at the beginning. Store and context
  /// outlive this.
  LongTags(storage::Store& store, const Context& context, std::vector<std::string> tags,
           std::string_view place);

  /// Offers until the page is complete, all is offered or much was looked at: then the page gets a
  /// token all the same. `left_out` says which ones stand elsewhere in the listing.
  Task<void> offer_to(PageBuilder& page, const std::function<bool(const VideoId&)>& left_out);

 private:
  bool fits(const Video& video) const;

  storage::Store& store_;
  const Context& context_;
  const std::vector<std::string> tags_;
  std::size_t tag_ = 0;
  std::optional<VideoId> from_;  // the last one of this tag that was looked at
};

}  // namespace killrvideo
