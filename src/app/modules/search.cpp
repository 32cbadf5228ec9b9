#include "app/modules/search.hpp"

#include "app/job_routes.hpp"
#include "app/search_index.hpp"
#include "catalog/latest_days.hpp"
#include "common/required.hpp"
#include "search/grpc.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

// A small store has its index before anybody can ask.
constexpr auto index_patience = 500ms;
// Of what other processes write, which is only seen by reading.
constexpr auto index_follow_interval = 250ms;

}  // namespace

SearchModule::Kept::Kept(storage::Store& store, const Config& config)
    : index(make_search_index(config)),
      active(make_active_indexes(store, config)),
      updater(store, *index, active, *metrics),
      builder(store, *index, active, updater),
      follower(store, *index, active, updater, builder),
      search(store, *index, updater, *metrics) {}

SearchModule::SearchModule(storage::Store& store, const Config& config, const Topology& topology,
                           Metrics& metrics)
    : store_(store), topology_(topology) {
  if (!topology.keeps_index()) return;
  kept_.emplace(store, config);
  metrics.add(kept_->metrics);
}

void SearchModule::add_rpcs(RpcServices& rpcs, RpcHost& host) {
  if (topology_.serves_searches) rpcs.push_back(make_search_rpc(required(kept_).search, host));
}

void SearchModule::add_routes(http::Routes& routes) {
  add_job_routes(
      routes, reindex_path,
      [this] {
        if (!kept_) throw Error(Code::failed_precondition, "this process does not serve searches");
        run(list_all_days(store_));
        kept_->builder.rebuild();
      },
      [this] { return kept_ ? kept_->builder.progress() : JobProgress{}; });
}

void SearchModule::start() {
  // What this process writes passes the indexes by that it does not keep.
  if (!topology_.store_is_shared)
    for (const auto kind : {embedded_index, opensearch_index})
      if (!kept_ || kind != index_kind(topology_)) invalidate_indexes(store_, kind);
  if (!kept_) return;
  kept_->builder.start(index_patience);
  if (topology_.index_follows_store())
    following_.emplace(index_follow_interval, [this] { kept_->follower.look(); });
}

void SearchModule::maintain(bool delivers) {
  if (delivers && topology_.index_is_shared) required(kept_).builder.rebuild_if_inactive();
}

// A missing index counts only where nothing but searches is served.
std::string SearchModule::problem() const {
  return topology_.serves_only_searches ? required(kept_).index->why_unavailable() : std::string();
}

void SearchModule::stop() {
  if (kept_) kept_->follower.stop();
  following_.reset();
}

}  // namespace killrvideo
