#include "registry/etcd.hpp"

#include "registry/etcd_v2.hpp"
#include "registry/etcd_v3.hpp"

namespace killrvideo::registry {

std::unique_ptr<Etcd> make_etcd(const EtcdOptions& options) {
  if (options.api == EtcdApi::v2) return std::make_unique<EtcdV2>(options);
  return std::make_unique<EtcdV3>(options);
}

}  // namespace killrvideo::registry
