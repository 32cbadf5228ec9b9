// For users of whom too little is known: what is popular and what is new.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "catalog/latest.hpp"
#include "suggestions/page_builder.hpp"

namespace killrvideo {

/// Takes from both in turns.
class ColdStart {
 public:
  /// Begins after `position` if it is in this part, else at the beginning. Store and context
  /// outlive this.
  ColdStart(storage::Store& store, const Context& context, std::string_view position);

  /// Offers until the page is complete, all is offered or many of the latest were read: then the
  /// page gets a token although it is not full. `popular` are the best, best first; `shown` are
  /// those that earlier parts of the listing have.
  Task<void> offer_to(PageBuilder& page, std::span<const Ranked> popular,
                      std::span<const Ranked> shown);

 private:
  Task<void> read_latest();
  std::string position() const;

  storage::Store& store_;
  const Context& context_;
  std::optional<Ranked> last_popular_;
  std::optional<LatestPosition> last_added_;
  std::vector<LatestPosition> latest_;  // that come next, in reverse
  bool all_read_ = false;
  std::size_t looked_at_ = 0;
};

}  // namespace killrvideo
