// Suggestions, and rebuilding them.
#pragma once

#include <optional>

#include "app/modules/events.hpp"
#include "app/modules/module.hpp"
#include "app/topology.hpp"
#include "common/background_job.hpp"
#include "common/periodic.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/recommender.hpp"
#include "suggestions/suggestions.hpp"
#include "tags/tag_index.hpp"

namespace killrvideo {

class SuggestionsModule final : public Module {
 public:
  /// `publish` is used if processes share the recommender's work.
  SuggestionsModule(storage::Store& store, const Config& config, const Topology& topology,
                    Recommender::Publish publish);

  void add_rpcs(RpcServices& rpcs, RpcHost& host) override;

  /// Null in a process that neither counts ratings nor answers from what it has counted.
  Recommender* recommender() { return recommender_ ? &*recommender_ : nullptr; }
  TagIndex& tag_index() { return tag_index_; }

 private:
  std::optional<Recommender> recommender_;
  TagIndex tag_index_;
  std::optional<Suggestions> suggestions_;
};

/// Rebuilds suggestions, on request and when they are incomplete.
class RebuildModule final : public Module {
 public:
  RebuildModule(storage::Store& store, const Topology& topology, SuggestionsModule& suggestions,
                const EventsModule& events);

  void add_routes(http::Routes& routes) override;
  void start() override;
  void stop() override;

 private:
  void rebuild_if_needed();
  void rebuild(const ProgressListener& listener);

  storage::Store& store_;
  const Topology topology_;
  SuggestionsModule& suggestions_;
  const EventsModule& events_;
  BackgroundJob job_;
  std::optional<Periodic> looks_;
};

}  // namespace killrvideo
