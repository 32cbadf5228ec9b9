#include "search/opensearch/client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace killrvideo::opensearch {
namespace {

using std::chrono::steady_clock;

constexpr unsigned threads = 2;

Error refused(const http::Endpoint& endpoint, const std::string& why) {
  return Error(Code::unavailable, "OpenSearch at " + to_string(endpoint) + ": " + why);
}

}  // namespace

Client::Client(const Options& options)
    : endpoints_(options.endpoints), connections_(options.tls, threads) {
  headers_.push_back({"Content-Type", "application/json"});
  if (!options.username.empty())
    headers_.push_back(http::basic_authorization(options.username, options.password));
}

Task<Answer> Client::ask(std::string method, std::string target, std::string body,
                         steady_clock::time_point until) {
  const http::Call call{std::move(method), std::move(target), std::move(body), headers_};
  for (auto left = static_cast<int>(endpoints_.size());; --left) {
    const auto asked = current_.load();
    // One that hangs leaves the others their share of the time.
    const auto now = steady_clock::now();
    const auto share = std::max(until - now, steady_clock::duration::zero()) / left;
    try {
      co_return co_await ask_node(endpoints_[asked % endpoints_.size()], call, now + share);
    } catch (const Error&) {
      auto expected = asked;
      current_.compare_exchange_strong(expected, asked + 1);
      if (left == 1) throw;
    }
  }
}

Task<Answer> Client::ask_node(const http::Endpoint& endpoint, const http::Call& call,
                              steady_clock::time_point until) {
  const auto response = co_await connections_.send(endpoint, call, until);
  if (response.status == unauthorized || response.status == forbidden)
    throw refused(endpoint, "the user may not do this (status " + std::to_string(response.status) +
                                "); check opensearch-username and opensearch-password-file");
  boost::system::error_code error;
  auto body = boost::json::parse(response.body.empty() ? "{}" : response.body, error);
  if (error || !body.is_object())
    throw refused(endpoint, "no answer of OpenSearch (status " + std::to_string(response.status) +
                                "); check opensearch-url");
  Answer answer{response.status, std::move(body)};
  if (answer.status >= 500 || answer.status == too_many_requests)
    throw refused(endpoint, reason_of(answer));
  co_return answer;
}

Answer accepted(Answer answer) {
  if (answer.ok()) return answer;
  throw Error(Code::internal, "OpenSearch refused: " + reason_of(answer));
}

std::string reason_of(const Answer& answer) {
  const auto* error = answer.body.as_object().if_contains("error");
  const auto* object = error != nullptr ? error->if_object() : nullptr;
  const auto* reason = object != nullptr ? object->if_contains("reason") : nullptr;
  if (reason != nullptr && reason->is_string()) return std::string(reason->as_string());
  return error != nullptr ? boost::json::serialize(*error)
                          : "status " + std::to_string(answer.status);
}

}  // namespace killrvideo::opensearch
