// Search, and its index.
#pragma once

#include <optional>

#include "app/metrics.hpp"
#include "app/modules/module.hpp"
#include "app/topology.hpp"
#include "common/periodic.hpp"
#include "search/follower.hpp"
#include "search/in_force.hpp"
#include "search/indexer.hpp"
#include "search/search.hpp"

namespace killrvideo {

/// Keeps the index if this process has to, see Topology::keeps_index(); else it sees to it that
/// nobody trusts the one that it leaves behind.
class SearchModule final : public Module {
 public:
  SearchModule(storage::Store& store, const Config& config, const Topology& topology,
               Metrics& metrics);

  void add_rpcs(RpcServices& rpcs, RpcHost& host) override;
  void add_routes(http::Routes& routes) override;
  void start() override;
  void maintain(bool delivers) override;
  std::string problem() const override;
  void stop() override;

  /// Null in a process that keeps no index.
  Indexer* indexer() { return kept_ ? &kept_->indexer : nullptr; }

 private:
  struct Kept {
    Kept(storage::Store& store, const Config& config, const Topology& topology);

    std::unique_ptr<SearchIndex> index;
    OnlyIndexInForce only_index;
    FollowedIndex followed_index;
    Indexer indexer;
    Follower follower;
    Search search;
  };

  storage::Store& store_;
  const Topology topology_;
  std::optional<Kept> kept_;
  std::optional<Periodic> following_;
};

}  // namespace killrvideo
