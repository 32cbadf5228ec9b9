// Search, and its index.
#pragma once

#include <optional>

#include "app/metrics.hpp"
#include "app/modules/module.hpp"
#include "app/topology.hpp"
#include "common/periodic.hpp"
#include "search/active_indexes.hpp"
#include "search/follower.hpp"
#include "search/index_builder.hpp"
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
  IndexUpdater* index_updater() { return kept_ ? &kept_->updater : nullptr; }

 private:
  struct Kept {
    Kept(storage::Store& store, const Config& config);

    std::unique_ptr<SearchIndex> index;
    std::shared_ptr<SearchMetrics> metrics = std::make_shared<SearchMetrics>();
    ActiveIndexes active;
    IndexUpdater updater;
    IndexBuilder builder;
    Follower follower;
    Search search;
  };

  storage::Store& store_;
  const Topology topology_;
  std::optional<Kept> kept_;
  std::optional<Periodic> following_;
};

}  // namespace killrvideo
