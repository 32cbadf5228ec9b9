// One request over a unix-domain socket: how commands talk to a running server.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "http/message.hpp"

namespace killrvideo::http {

/// Sends a request for `target` ("/backup?target=%2Fmnt") and waits for the response, however long
/// it takes. Nothing if no server listens on the socket. Throws Error failed_precondition if
/// this user may not ask the server, and unavailable if the connection breaks.
std::optional<Response> send(const std::filesystem::path& socket, const std::string& method,
                             const std::string& target);

/// `text` as a value in the query of a target: percent-encoded.
std::string query_value(const std::string& text);

}  // namespace killrvideo::http
