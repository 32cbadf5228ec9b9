// The videos with some tags that earlier parts of a listing do not have.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "suggestions/page_builder.hpp"

namespace killrvideo {

/// Reads the partitions of videos_by_tag, one tag after the other.
class TagPartitionScan {
 public:
  /// Begins after `position` if it is in this part, else at the beginning. Store and context
  /// outlive this.
  TagPartitionScan(storage::Store& store, const Context& context, std::vector<std::string> tags,
                   std::string_view position);

  /// Offers until the page is complete, all is offered or much was read: then the page gets a token
  /// although it is not full. `offered` says which videos earlier parts of the listing have.
  Task<void> offer_to(PageBuilder& page, const std::function<bool(const VideoId&)>& offered);

 private:
  bool fits(const Video& video) const;

  storage::Store& store_;
  const Context& context_;
  const std::vector<std::string> tags_;
  std::size_t tag_ = 0;
  std::optional<VideoId> from_;  // the last one of this tag that was looked at
};

}  // namespace killrvideo
