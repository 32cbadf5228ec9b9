// The running program: the store, the services on it, and the servers before them.
#pragma once

#include <memory>
#include <optional>

#include "app/config.hpp"
#include "app/kafka.hpp"
#include "app/operations.hpp"
#include "catalog/catalog.hpp"
#include "comments/comments.hpp"
#include "common/background_job.hpp"
#include "common/periodic.hpp"
#include "events/relay.hpp"
#include "ratings/ratings.hpp"
#include "registry/registration.hpp"
#include "search/follower.hpp"
#include "search/in_force.hpp"
#include "search/index.hpp"
#include "search/indexer.hpp"
#include "search/search.hpp"
#include "statistics/statistics.hpp"
#include "suggestions/recommender.hpp"
#include "suggestions/shared_recommender.hpp"
#include "suggestions/suggestions.hpp"
#include "suggestions/tag_index.hpp"
#include "transport/grpc/server.hpp"
#include "transport/http/server.hpp"
#include "users/users.hpp"

namespace killrvideo {

/// Every service, over one store.
struct Services {
  Services(storage::Store& store, const Config& config);

  Passwords passwords;
  Users users;
  Catalog catalog;
  Comments comments;
  Ratings ratings;
  Statistics statistics;
  Recommender recommender;
  TagIndex tag_index;
  Suggestions suggestions;
  std::unique_ptr<SearchIndex> search_index;
  OnlyIndexInForce only_index;
  FollowedIndex followed_index;
  Indexer indexer;
  Follower follower;
  Search search;
};

class Application {
 public:
  /// `operations` outlive the application, and listen.
  Application(const Config& config, Operations& operations, std::unique_ptr<storage::Store> store);
  ~Application();

  Services& services() { return services_; }
  storage::Store& store() { return *store_; }

  /// Finishes what a crash has left, and begins with what goes on in the background. If the store
  /// cannot be used now it throws, and may be called again; it throws also if the data directory
  /// cannot be made.
  void start();

  /// Begins to take commands, through a socket in the data directory. Throws Error if it cannot be
  /// made there. REQUIRES: start() has returned.
  void take_commands();

  /// Begins to serve. Throws Error if the address cannot be listened on.
  void listen();

  /// The address with its real port. REQUIRES: listen() has returned.
  const Address& grpc_address() const { return grpc_->address(); }

  /// Finishes the calls in flight and closes everything. What waits for a cluster that does not
  /// answer fails when the configured time is over.
  void shutdown();

 private:
  std::vector<std::unique_ptr<RpcService>> make_rpc_services();
  http::Routes admin_routes();
  void add_reindex_routes(http::Routes& routes);
  void start_search();
  bool keeps_index() const;
  void forget_other_kinds();
  std::string problem() const;
  void deliver_events();
  void make_recommendations(const BackgroundJob::Listener& listener);
  void complete_recommendations();
  void complete_index();
  void repair(std::chrono::milliseconds age);

  const Config config_;
  Operations& operations_;
  RpcHost rpc_host_;  // outlives the store, whose threads end the last calls
  std::unique_ptr<storage::Store> store_;
  std::optional<Periodic> overdue_;  // ends what keeps those after it from being destroyed
  Services services_;
  std::optional<Periodic> following_;
  std::optional<EventsOverKafka> kafka_;
  std::optional<SharedRecommender> shared_recommender_;
  std::optional<Relay> relay_;
  BackgroundJob recommendations_;  // made anew
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<http::Server> admin_;
  std::unique_ptr<registry::Registration> registration_;
  std::optional<Periodic> repairs_;
  std::optional<Periodic> completions_;  // of recommendations
};

}  // namespace killrvideo
