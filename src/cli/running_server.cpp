#include "cli/running_server.hpp"

#include "app/data_directory.hpp"
#include "cli/exit_code.hpp"
#include "http/client.hpp"

namespace killrvideo::cli {

namespace {

std::optional<http::Response> ask(const Config& config, const std::string& method,
                                  const std::string& target) try {
  return http::send(admin_socket(config), method, target);
} catch (const Error& error) {
  if (error.code() != Code::failed_precondition) throw;
  throw Exit(ExitCode::data_unusable, error.what());
}

}  // namespace

std::optional<http::Response> ask_running_server(const Config& config, const std::string& method,
                                                 const std::string& target) {
  auto response = ask(config, method, target);
  if (!response) return std::nullopt;
  if (response->status != 200)
    throw Exit(ExitCode::failed, "the running server could not: " + http::detail_of(*response));
  return response;
}

}  // namespace killrvideo::cli
