// Paging tokens: what a client sends back to get the next page.
//
// A token is opaque to clients. It is bound to its listing, so that no other listing accepts it,
// and has a checksum, so that truncated or altered tokens are refused. Format, in hex: version (1
// byte); hash of the starting point (8 bytes); the listing's own state; SipHash of the listing's
// name and all of the above (8 bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo {

/// A request for one page of a listing.
template <class Start>
struct PageRequest {
  int page_size = 0;
  std::optional<Start> start;  ///< inclusive
  std::string paging_state;
};

template <class Row>
struct PageResult {
  std::vector<Row> rows;
  std::string paging_state;  ///< empty: no more rows
};

/// The position in a listing at which a request starts.
class Cursor {
 public:
  /// `listing` identifies the listing, e.g. "GetVideoComments <video id>"; `start` is the request's
  /// starting point in any fixed form, if it has one; `token` is its paging_state.
  /// Throws invalid_argument on paging_state if the token is malformed, altered or of another
  /// listing, or if there is a starting point that is not the one the listing began with.
  Cursor(std::string listing, const std::optional<std::string>& start, std::string_view token);

  /// The state at the end of the page before; empty on the first page.
  const std::string& state() const { return state_; }

  /// The token for the next page, or "" if `next_state` is empty: no more pages.
  std::string token(std::string_view next_state) const;

 private:
  std::string listing_;
  std::string start_hash_;
  std::string state_;
};

}  // namespace killrvideo
