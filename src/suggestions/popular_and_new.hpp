// What is popular and what is new.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "catalog/latest.hpp"
#include "suggestions/page_builder.hpp"
#include "suggestions/top_list.hpp"

namespace killrvideo {

/// Goes through both in turns.
class PopularAndNew {
 public:
  /// Begins after `place` if it is of kind popularity, else at the beginning. Store and context
  /// outlive this.
  PopularAndNew(storage::Store& store, const Context& context, std::string_view place);

  /// Offers until the page is complete, all is offered or many of the latest were looked at: then
  /// the page gets a token all the same. `popular` is the list of the best, `shown` are those that
  /// stand before in the listing.
  Task<void> offer_to(PageBuilder& page, std::span<const Scored> popular,
                      std::span<const Scored> shown);

 private:
  Task<void> read_latest();
  std::string place() const;

  storage::Store& store_;
  const Context& context_;
  std::optional<Scored> last_popular_;
  std::optional<LatestPosition> last_added_;
  std::vector<LatestPosition> latest_;  // that come next, in reverse
  bool all_read_ = false;
  std::size_t looked_at_ = 0;
};

/// Whether the video is in the list.
bool is_in(std::span<const Scored> list, const VideoId& video);

}  // namespace killrvideo
