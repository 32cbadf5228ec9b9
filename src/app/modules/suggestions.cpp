#include "app/modules/suggestions.hpp"

#include "app/delivery_lease.hpp"
#include "app/event_handlers.hpp"
#include "app/job_routes.hpp"
#include "common/log.hpp"
#include "suggestions/grpc.hpp"

namespace killrvideo {
namespace {

// Until recommendations are rebuilt, some ratings may have to wait.
constexpr std::chrono::seconds look_interval{3};
// Batches of a rebuild that may wait for the disk beside those of clients.
constexpr std::size_t rebuild_in_flight = 2;

}  // namespace

SuggestionsModule::SuggestionsModule(storage::Store& store, const Config& config,
                                     const Topology& topology, Recommender::Publish publish)
    : tag_index_(store) {
  const bool serves = config.services.contains(Service::suggestions);
  const bool caches = serves && !topology.store_is_shared;
  if (caches || topology.delivers_events)
    recommender_.emplace(
        store, Recommender::Options{topology.batches_appear_whole, topology.recommender_is_shared
                                                                       ? std::move(publish)
                                                                       : Recommender::Publish{}});
  if (serves) suggestions_.emplace(store, caches ? &recommender_->changes() : nullptr);
}

void SuggestionsModule::add_rpcs(RpcServices& rpcs, RpcHost& host) {
  if (suggestions_) rpcs.push_back(make_suggestions_rpc(*suggestions_, host));
}

RebuildModule::RebuildModule(storage::Store& store, const Topology& topology,
                             SuggestionsModule& suggestions, const EventsModule& events)
    : store_(store),
      topology_(topology),
      suggestions_(suggestions),
      events_(events),
      job_("rebuilding the recommendations", [this](const auto& listener) { rebuild(listener); }) {}

void RebuildModule::add_routes(http::Routes& routes) {
  add_job_routes(
      routes, reindex_recommendations_path, [this] { job_.begin(); },
      [this] { return job_.progress(); });
}

void RebuildModule::start() {
  rebuild_if_needed();
  looks_.emplace(look_interval, [this] { rebuild_if_needed(); });
}

// Unless somebody else does it.
void RebuildModule::rebuild_if_needed() try {
  const bool mine = topology_.delivers_events ? events_.delivers() : !topology_.store_is_shared;
  if (!mine || job_.progress().running || !rebuild_is_needed(store_)) return;
  log::info("the recommendations are rebuilt, as they are incomplete", {});
  job_.begin();
} catch (const std::exception& error) {
  log::warn("cannot tell whether the recommendations are complete", {{"error", error.what()}});
}

void RebuildModule::stop() {
  looks_.reset();
  job_.stop();
}

void RebuildModule::rebuild(const ProgressListener& listener) {
  const auto rebuild_all = [this](const ProgressListener& progress) {
    const auto work = [&] {
      rebuild_suggestions(store_, suggestions_.tag_index(),
                          {rebuild_in_flight, topology_.store_is_shared}, progress);
    };
    auto* recommender = suggestions_.recommender();
    recommender ? recommender->exclusively(work) : work();
  };
  if (!topology_.delivers_events) return while_nobody_delivers(store_, listener, rebuild_all);
  run(ask_for_rebuild(store_));
  rebuild_all([&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!events_.delivers())
      throw Error(Code::failed_precondition,
                  "another process delivers events; it will rebuild them");
    listener(what, done, total);
  });
}

}  // namespace killrvideo
