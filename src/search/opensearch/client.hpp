// The nodes of an OpenSearch cluster: those that do not answer are skipped.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "common/task.hpp"
#include "http/connections.hpp"
#include "search/opensearch/options.hpp"

namespace killrvideo::opensearch {

// Of those that a status of HTTP can be, the ones that decide on something.
inline constexpr int unauthorized = 401;
inline constexpr int forbidden = 403;
inline constexpr int not_found = 404;
inline constexpr int conflict = 409;
inline constexpr int too_many_requests = 429;

struct Answer {
  int status = 0;
  boost::json::value body{};

  bool ok() const { return status < 300; }
};

/// All of it may be used by any thread.
class Client {
 public:
  /// Throws Error invalid_argument about a file of the options.
  explicit Client(const Options& options);

  /// Asks the node that answered last and, while one fails, the next; `body` is JSON or lines of
  /// it. Throws Error unavailable if none answers in time, if the cluster is overloaded, or if it
  /// wants another password; other refusals are returned.
  Task<Answer> ask(std::string method, std::string target, std::string body,
                   std::chrono::steady_clock::time_point until);

 private:
  Task<Answer> ask_node(const http::Endpoint& endpoint, const http::Call& call,
                        std::chrono::steady_clock::time_point until);

  const std::vector<http::Endpoint> endpoints_;
  std::vector<http::Header> headers_;
  std::atomic<std::size_t> current_{0};
  http::Connections connections_;
};

/// The answer; throws Error with what OpenSearch said if it refused: `internal`, as the request was
/// wrong.
Answer accepted(Answer answer);

/// What it said of why it refused.
std::string reason_of(const Answer& answer);

}  // namespace killrvideo::opensearch
