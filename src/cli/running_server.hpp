// Asks the server that runs on the configured data directory, through its admin socket.
#pragma once

#include <optional>
#include <string>

#include "app/config.hpp"
#include "http/message.hpp"

namespace killrvideo::cli {

/// The answer; nothing if no server is running. Throws Exit if the server could not do
/// what it was asked, and Error as http::send does.
std::optional<http::Response> ask_running_server(const Config& config, const std::string& method,
                                                 const std::string& target);

}  // namespace killrvideo::cli
