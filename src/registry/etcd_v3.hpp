// etcd's current interface, through its JSON gateway: the keys belong to a lease.
#pragma once

#include <optional>

#include "registry/etcd_cluster.hpp"

namespace killrvideo::registry {

class EtcdV3 final : public Etcd {
 public:
  explicit EtcdV3(const EtcdOptions& options);

  std::vector<std::string> list(const std::string& folder, const http::Until& until) override;
  void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
           const http::Until& until) override;
  bool keep_alive(const http::Until& until) override;
  void remove(const http::Until& until) override;

 private:
  EtcdAnswer ask(const char* path, const boost::json::object& body, const http::Until& until);
  EtcdAnswer send(const char* path, const boost::json::object& body, const http::Until& until);
  std::string log_in(const http::Until& until);
  bool prolong_lease(const http::Until& until);
  bool all_are_there(const http::Until& until);

  EtcdCluster cluster_;
  const std::string username_;
  const std::string password_;
  std::string token_;  // from the login; empty: none
  std::vector<Entry> entries_;
  std::string lease_;
};

}  // namespace killrvideo::registry
