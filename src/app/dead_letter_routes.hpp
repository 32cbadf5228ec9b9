// Dead letters as text: what `killrvideo events` prints, made here or by a running server.
#pragma once

#include <optional>
#include <string>

#include "common/uuid.hpp"
#include "storage/store.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo {

inline constexpr auto dead_letters_path = "/dead-letters";
/// The header, and the parameter of a request, with what continues the listing.
inline constexpr auto paging_state_header = "Paging-State";
inline constexpr auto paging_state_parameter = "paging_state";

struct DeadLetterPage {
  std::string lines;         ///< one of JSON for each
  std::string paging_state;  ///< hexadecimal; empty: there are no more
};

/// Some of them, from the beginning or from the state of the page before. Throws invalid_argument
/// if that is none.
DeadLetterPage list_dead_letters(storage::Store& store, const std::string& paging_state);

/// Does "resend" or "discard" to one or, without an id, to all, and says to how many. Throws Error.
std::string settle_dead_letters(storage::Store& store, const std::string& action,
                                const std::optional<TimeUuid>& event);

/// Offers both under dead_letters_path. The store outlives the routes.
void add_dead_letter_routes(http::Routes& routes, storage::Store& store);

}  // namespace killrvideo
