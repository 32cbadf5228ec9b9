// The part of etcd that a registry of services needs: keys with values that expire unless they are
// kept alive.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "http/tcp_client.hpp"
#include "registry/etcd_options.hpp"

namespace killrvideo::registry {

struct Entry {
  std::string key;  ///< "killrvideo/services/CommentsService/killrvideo"
  std::string value;
};

/// One thread at a time. All functions throw Error: unavailable if no endpoint answered in time,
/// failed_precondition, with etcd's message, if etcd refused.
class Etcd {
 public:
  virtual ~Etcd() = default;

  /// The values of the keys right below `folder`, which has no slash at its end; none if there is
  /// no such folder.
  virtual std::vector<std::string> list(const std::string& folder, const http::Until& until) = 0;

  /// Writes the entries. They expire `lifetime` after this or the last keep_alive().
  virtual void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
                   const http::Until& until) = 0;

  /// Renews the entries of the last put. False if one of the keys no longer exists.
  virtual bool keep_alive(const http::Until& until) = 0;

  /// Removes the entries of the last put, also if it failed halfway, except those that another
  /// process has written since. Does nothing without a put.
  virtual void remove(const http::Until& until) = 0;
};

/// Throws Error invalid_argument if the files of TLS cannot be used.
std::unique_ptr<Etcd> make_etcd(const EtcdOptions& options);

}  // namespace killrvideo::registry
