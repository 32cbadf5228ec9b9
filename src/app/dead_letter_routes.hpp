// Dead letters as text: what `killrvideo events` prints, made here or by a running server.
#pragma once

#include <optional>
#include <string>

#include "common/uuid.hpp"
#include "storage/store.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo {

inline constexpr auto dead_letters_path = "/dead-letters";

/// One line of JSON for each.
std::string list_dead_letters(storage::Store& store);

/// Does "resend" or "discard" to one or, without an id, to all, and says to how many. Throws Error.
std::string settle_dead_letters(storage::Store& store, const std::string& action,
                                const std::optional<TimeUuid>& event);

/// Offers both under dead_letters_path. The store outlives the routes.
void add_dead_letter_routes(http::Routes& routes, storage::Store& store);

}  // namespace killrvideo
