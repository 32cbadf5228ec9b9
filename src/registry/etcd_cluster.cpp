#include "registry/etcd_cluster.hpp"

#include <boost/json/parse.hpp>

#include "registry/json_members.hpp"

namespace killrvideo::registry {

using std::chrono::steady_clock;

EtcdAnswer EtcdCluster::ask(const http::Call& call, const http::Until& until) {
  for (auto left = static_cast<int>(endpoints_.size());; --left) {
    // A member that hangs must leave time for the others.
    const auto now = steady_clock::now();
    const auto share = std::max(until.time - now, steady_clock::duration::zero()) / left;
    try {
      return ask_current(call, {now + share, until.stop});
    } catch (const Error&) {
      current_ = (current_ + 1) % endpoints_.size();
      if (left == 1 || until.stop.stop_requested()) throw;
    }
  }
}

EtcdAnswer EtcdCluster::ask_current(const http::Call& call, const http::Until& until) {
  const auto& endpoint = endpoints_[current_];
  const auto response = client_.send(endpoint, call, until);
  boost::system::error_code error;
  auto body = boost::json::parse(response.body, error);
  if (error || !body.is_object())
    throw Error(Code::unavailable, to_string(endpoint) + " does not answer as etcd does (status " +
                                       std::to_string(response.status) + ")");
  EtcdAnswer answer{response.status, std::move(body)};
  // The member has no leader or is stopping: another one may answer.
  if (answer.status >= 500)
    throw Error(Code::unavailable, to_string(endpoint) + ": " + text_in(answer.body, "message"));
  return answer;
}

std::unique_ptr<Etcd> make_etcd(const EtcdOptions& options) {
  return options.api == EtcdApi::v2 ? make_etcd_v2(options) : make_etcd_v3(options);
}

EtcdAnswer accepted(EtcdAnswer answer) {
  if (answer.ok()) return answer;
  const auto cause = text_in(answer.body, "cause");  // the key, or empty
  throw Error(Code::failed_precondition, "etcd refused: " + text_in(answer.body, "message") +
                                             (cause.empty() ? "" : " (" + cause + ")"));
}

}  // namespace killrvideo::registry
