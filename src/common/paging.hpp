// Paging tokens: what a client sends back to get the next page.
//
// A token is opaque to clients. It is bound to the listing that it came from, so that it cannot be
// used with another one, and carries a checksum, so that one that was cut or altered is refused.
// Format, in hex: version (1 byte); hash of the starting point (8 bytes); the listing's own state;
// SipHash of the listing's name and all of the above (8 bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo {

/// What a request for a listing says.
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

/// The place in a listing at which a request begins.
class Cursor {
 public:
  /// `listing` says what is listed, e.g. "GetVideoComments <video id>"; `start` is the request's
  /// starting point in any fixed form, if it has one; `token` is its paging_state.
  /// Throws invalid_argument on paging_state if the token is malformed, altered or of another
  /// listing, or if there is a starting point that is not the one the listing began with.
  Cursor(std::string listing, const std::optional<std::string>& start, std::string_view token);

  /// The state that the page before ended with; empty on the first page.
  const std::string& state() const { return state_; }

  /// The token for the next page, or "" if `next_state` is empty: no more pages.
  std::string token(std::string_view next_state) const;

 private:
  std::string listing_;
  std::string start_hash_;
  std::string state_;
};

}  // namespace killrvideo
