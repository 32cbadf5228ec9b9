// etcd, as far as a registry of services needs it: keys with values that pass away by themselves
// unless they are kept alive.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "registry/etcd_options.hpp"
#include "transport/http/tcp_client.hpp"

namespace killrvideo::registry {

struct Entry {
  std::string key;  ///< "killrvideo/services/CommentsService/killrvideo"
  std::string value;
};

/// May be used by one thread at a time. All functions throw Error: unavailable if no endpoint
/// answered in time, failed_precondition if etcd refused, with what it said.
class Etcd {
 public:
  virtual ~Etcd() = default;

  /// The values of the keys right below `folder`, which has no slash at its end; none if there is
  /// no such folder.
  virtual std::vector<std::string> list(const std::string& folder, const http::Until& until) = 0;

  /// Writes the entries, which pass away `lifetime` after this or the last keep_alive().
  virtual void put(const std::vector<Entry>& entries, std::chrono::seconds lifetime,
                   const http::Until& until) = 0;

  /// Makes the entries that were put last live on. False if one of the keys is not there any more.
  virtual bool keep_alive(const http::Until& until) = 0;

  /// Removes the entries that were put last, also if not all of that succeeded, but for those that
  /// somebody else has written since. Does nothing if none were put.
  virtual void remove(const http::Until& until) = 0;
};

/// Throws Error invalid_argument if the files of TLS cannot be used.
std::unique_ptr<Etcd> make_etcd(const EtcdOptions& options);

}  // namespace killrvideo::registry
