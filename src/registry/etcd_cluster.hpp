// The members of an etcd cluster: who does not answer is passed over.
#pragma once

#include <boost/json/value.hpp>

#include "registry/etcd.hpp"

namespace killrvideo::registry {

/// What etcd answered.
struct EtcdAnswer {
  int status = 0;  ///< below 500
  boost::json::value body{};

  bool ok() const { return status < 300; }
};

class EtcdCluster {
 public:
  explicit EtcdCluster(const EtcdOptions& options)
      : endpoints_(options.endpoints), client_(options.tls) {}

  /// Asks the member that answered last and, while one fails, the next. Throws Error unavailable if
  /// all have failed.
  EtcdAnswer ask(const http::Call& call, const http::Until& until);

 private:
  EtcdAnswer ask_current(const http::Call& call, const http::Until& until);

  const std::vector<http::Endpoint> endpoints_;
  http::TcpClient client_;
  std::size_t current_ = 0;
};

/// The answer; throws Error failed_precondition with what etcd said if it refused.
EtcdAnswer accepted(EtcdAnswer answer);

}  // namespace killrvideo::registry
