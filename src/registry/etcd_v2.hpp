// etcd's old interface: a tree of keys, each with its own time to live.
#pragma once

#include "registry/etcd_cluster.hpp"

namespace killrvideo::registry {

class EtcdV2 final : public Etcd {
 public:
  explicit EtcdV2(const EtcdOptions& options);

  std::vector<std::string> list(const std::string& folder, const http::Until& until) override;
  void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
           const http::Until& until) override;
  bool keep_alive(const http::Until& until) override;
  void remove(const http::Until& until) override;

 private:
  EtcdAnswer ask(const char* method, const std::string& key, std::string body,
                 const http::Until& until);

  EtcdCluster cluster_;
  std::vector<http::Header> headers_;
  std::vector<Entry> entries_;
  std::chrono::seconds lifetime_{};
};

}  // namespace killrvideo::registry
