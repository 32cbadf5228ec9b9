// The members of an etcd cluster. Those that do not answer are skipped.
#pragma once

#include <boost/json/value.hpp>

#include "registry/etcd.hpp"

namespace killrvideo::registry {

/// An answer of etcd.
struct EtcdAnswer {
  int status = 0;  ///< below 500
  boost::json::value body{};

  bool ok() const { return status < 300; }
};

class EtcdCluster {
 public:
  explicit EtcdCluster(const EtcdOptions& options)
      : endpoints_(options.endpoints), client_(options.tls) {}

  /// Asks the member that answered last; if it fails, the next one. Throws Error unavailable if all
  /// fail.
  EtcdAnswer ask(const http::Call& call, const http::Until& until);

 private:
  EtcdAnswer ask_current(const http::Call& call, const http::Until& until);

  const std::vector<http::Endpoint> endpoints_;
  http::TcpClient client_;
  std::size_t current_ = 0;
};

/// Returns the answer; throws Error failed_precondition, with etcd's message, if etcd refused.
EtcdAnswer accepted(EtcdAnswer answer);

/// The two interfaces, see EtcdApi; for make_etcd().
std::unique_ptr<Etcd> make_etcd_v2(const EtcdOptions& options);
std::unique_ptr<Etcd> make_etcd_v3(const EtcdOptions& options);

}  // namespace killrvideo::registry
