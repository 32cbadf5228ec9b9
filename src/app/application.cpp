#include "app/application.hpp"

#include <boost/json/serialize.hpp>

#include "app/backup.hpp"
#include "app/data_directory.hpp"
#include "app/dead_letter_routes.hpp"
#include "app/delivery_lease.hpp"
#include "app/event_handlers.hpp"
#include "app/registry.hpp"
#include "app/reindex.hpp"
#include "app/search_index.hpp"
#include "app/stores.hpp"
#include "catalog/grpc.hpp"
#include "comments/grpc.hpp"
#include "common/log.hpp"
#include "ratings/grpc.hpp"
#include "search/grpc.hpp"
#include "statistics/grpc.hpp"
#include "suggestions/grpc.hpp"
#include "suggestions/rebuild.hpp"
#include "users/grpc.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto repair_interval = 15s;
// Longer than any call takes (30 s), so that what is older has been given up.
constexpr auto repair_age = 60s;
// Of the grace, for those who end by themselves at its end.
constexpr auto overdue_delay = 100ms;
// A small store has its index before anybody can ask.
constexpr auto index_patience = 500ms;
// Of what other processes write, which is only seen by reading.
constexpr auto follow_interval = 250ms;
constexpr std::size_t waiting_passwords = 256;
// What fills the batches that go to Kafka.
constexpr std::size_t records_in_flight = 1'000;
// Batches of a rebuild that may wait for the disk beside those of clients.
constexpr std::size_t rebuild_in_flight = 2;

// Whether other processes may be using the store.
bool is_shared(const Config& config) { return config.store == StoreEngine::cassandra; }

Relay::Options relay_options(const Config& config) {
  Relay::Options options;
  options.limits.tries = config.event_tries;
  options.limits.in_flight = config.events_in_flight;
  options.limits.waiting = config.events_waiting;
  options.shared = is_shared(config);
  if (options.shared) options.reading_interval = follow_interval;
  if (config.kafka.enabled()) {
    options.limits.tries = 0;  // however long Kafka is away
    options.limits.in_flight = std::max(options.limits.in_flight, records_in_flight);
  }
  return options;
}

std::vector<std::string> names_of(const std::vector<std::unique_ptr<RpcService>>& services) {
  std::vector<std::string> names;
  names.reserve(services.size());
  for (const auto& service : services) names.push_back(service->name());
  return names;
}

http::Response json_of(const JobProgress& progress) {
  return {.content_type = "application/json",
          .body = boost::json::serialize(boost::json::object{{"running", progress.running},
                                                             {"what", progress.what},
                                                             {"done", progress.done},
                                                             {"total", progress.total},
                                                             {"failure", progress.failure}})};
}

}  // namespace

Services::Services(storage::Store& store, const Config& config)
    : passwords(config.password_threads, waiting_passwords),
      users(store, passwords,
            LoginLimits{config.login_failures_per_account, config.login_failures_per_peer,
                        config.login_window}),
      catalog(store),
      comments(store),
      ratings(store),
      statistics(store),
      recommender(store),
      tag_index(store),
      suggestions(store, config.store == StoreEngine::rocksdb ? &recommender.versions() : nullptr),
      search_index(make_search_index(config)),
      only_index(store, index_kind(config)),
      followed_index(store),
      indexer(store, *search_index,
              follows_others(config) ? static_cast<IndexInForce&>(followed_index) : only_index,
              index_kind(config)),
      follower(store, *search_index, indexer, followed_index),
      search(store, *search_index, indexer) {}

Application::Application(const Config& config, Operations& operations,
                         std::unique_ptr<storage::Store> store)
    : config_(config),
      operations_(operations),
      rpc_host_{operations.metrics().rpc(), config.max_in_flight},
      store_(std::move(store)),
      services_(*store_, config),
      recommendations_("making the recommendations anew",
                       [this](const auto& listener) { make_recommendations(listener); }) {
  if (keeps_index()) operations_.metrics().add(services_.indexer.metrics());
}

Application::~Application() { shutdown(); }

void Application::start() {
  operations_.not_ready("starting");
  make_data_directory(config_);
  run(make_outbox_positions(*store_, Context{}));
  forget_other_kinds();
  if (keeps_index()) {
    start_search();
  } else if (!is_shared(config_)) {
    services_.only_index.put_none();  // nobody keeps it any more
  }
  // Nothing from here on throws because of the store.
  if (config_.deliver_events) deliver_events();
  complete_recommendations();
  completions_.emplace(repair_interval, [this] {
    complete_recommendations();
    complete_index();
  });
  // A cluster has other processes, which may be at work on what looks cut off.
  repair(config_.store == StoreEngine::rocksdb ? 0s : repair_age);
}

void Application::take_commands() {
  admin_ = std::make_unique<http::Server>(admin_socket(config_), admin_routes());
}

std::vector<std::unique_ptr<RpcService>> Application::make_rpc_services() {
  std::vector<std::unique_ptr<RpcService>> rpcs;
  auto chosen = [&](Service service) { return config_.services.contains(service); };
  if (chosen(Service::users)) rpcs.push_back(make_users_rpc(services_.users, rpc_host_));
  if (chosen(Service::catalog)) rpcs.push_back(make_catalog_rpc(services_.catalog, rpc_host_));
  if (chosen(Service::comments)) rpcs.push_back(make_comments_rpc(services_.comments, rpc_host_));
  if (chosen(Service::ratings)) rpcs.push_back(make_ratings_rpc(services_.ratings, rpc_host_));
  if (chosen(Service::statistics))
    rpcs.push_back(make_statistics_rpc(services_.statistics, rpc_host_));
  if (chosen(Service::suggestions))
    rpcs.push_back(make_suggestions_rpc(services_.suggestions, rpc_host_));
  if (chosen(Service::search)) rpcs.push_back(make_search_rpc(services_.search, rpc_host_));
  return rpcs;
}

void Application::listen() {
  GrpcServer::Options options{config_.grpc_address, config_.tls, config_.max_message_bytes};
  auto services = make_rpc_services();
  const auto names = names_of(services);
  grpc_ = std::make_unique<GrpcServer>(options, rpc_host_, std::move(services));
  registration_ =
      announce(config_.registry, names, grpc_->address().port, operations_.metrics().registry());
  if (config_.services.contains(Service::ratings))
    repairs_.emplace(repair_interval, [this] { repair(repair_age); });
  operations_.ready([this] { return problem(); });
}

http::Routes Application::admin_routes() {
  http::Routes routes;
  routes.add("POST", "/backup", [this](const http::Request& request) {
    auto target = request.query.find("target");
    if (target == request.query.end()) throw invalid("target", "is required");
    backup(*store_, target->second);
    return http::Response{};
  });
  add_dead_letter_routes(routes, *store_);
  add_reindex_routes(routes);
  return routes;
}

// Asked for by POST, and how far it is by GET.
void Application::add_reindex_routes(http::Routes& routes) {
  const auto add = [&](const char* path, auto begin, auto progress) {
    routes.add("GET", path, [=](const http::Request&) { return json_of(progress()); });
    routes.add("POST", path, [=](const http::Request&) {
      begin();
      return json_of(progress());
    });
  };
  add(
      reindex_path,
      [this] {
        if (!keeps_index())
          throw Error(Code::failed_precondition, "this process does not serve searches");
        services_.indexer.rebuild();
      },
      [this] { return services_.indexer.progress(); });
  add(
      reindex_recommendations_path, [this] { recommendations_.begin(); },
      [this] { return recommendations_.progress(); });
}

// With Kafka, the relay hands events over to it. Handlers that must not run in several processes at
// a time are called by the one that may deliver, like those without Kafka.
void Application::deliver_events() {
  if (config_.kafka.enabled()) kafka_.emplace(config_, operations_.metrics());
  if (counting(config_) == Counting::by_partitions)
    shared_recommender_.emplace(
        *store_, [this](const Context& context, const Uuid& key, const auto& message) {
          return kafka_->publish(context, key, message);
        });
  auto handlers = event_handlers(*store_, services_,
                                 shared_recommender_ ? &*shared_recommender_ : nullptr, config_);
  relay_.emplace(*store_, kafka_ ? kafka_->publishers() : handlers, relay_options(config_),
                 operations_.metrics().events());
  if (kafka_) kafka_->consume(handlers, [this] { return relay_->delivers(); });
}

void Application::start_search() {
  services_.indexer.start(index_patience);
  if (follows_others(config_))
    following_.emplace(follow_interval, [this] { services_.follower.look(); });
}

// One in OpenSearch is kept by whoever delivers events, whichever services it runs.
bool Application::keeps_index() const {
  return config_.services.contains(Service::search) ||
         (!config_.search.is_embedded() && config_.deliver_events);
}

// What this process writes passes them by.
void Application::forget_other_kinds() {
  if (is_shared(config_)) return;
  const auto other = config_.search.is_embedded() ? opensearch_index : embedded_index;
  OnlyIndexInForce(*store_, other).put_none();
}

// What keeps this process from being of use: a missing index only if it serves nothing but
// searches.
std::string Application::problem() const {
  auto of_store = store_->engine().problem();
  const bool searches_only = config_.services == std::set{Service::search};
  return of_store.empty() && searches_only ? services_.search_index->problem() : of_store;
}

void Application::complete_index() {
  if (config_.search.is_embedded() || !relay_ || !relay_->delivers()) return;
  services_.indexer.complete();
}

void Application::make_recommendations(const BackgroundJob::Listener& listener) {
  const auto rebuild = [this](const RebuildProgress& progress) {
    services_.recommender.exclusively([&] {
      rebuild_suggestions(*store_, services_.tag_index, rebuild_in_flight, progress,
                          counting(config_));
    });
  };
  if (!relay_) return while_nobody_delivers(*store_, config_, listener, rebuild);
  run(ask_for_rebuild(*store_));
  rebuild([&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!relay_->delivers())
      throw Error(Code::failed_precondition,
                  "another process delivers events; it will make them anew");
    listener(what, done, total);
  });
}

// Begins to make them if that is needed and nobody else would do it.
void Application::complete_recommendations() try {
  const bool mine = relay_ ? relay_->delivers() : config_.store == StoreEngine::rocksdb;
  if (!mine || recommendations_.progress().running ||
      !rebuild_is_needed(*store_, counting(config_)))
    return;
  log::info("the recommendations are made anew, as they are incomplete", {});
  recommendations_.begin();
} catch (const std::exception& error) {
  log::warn("cannot tell whether the recommendations are complete", {{"error", error.what()}});
}

void Application::repair(std::chrono::milliseconds age) try {
  std::size_t repaired = run(services_.ratings.repair(Context{}, age));
  if (repaired > 0) log::info("completed ratings that were cut off", {{"videos", repaired}});
} catch (const std::exception& error) {
  log::warn("cannot complete ratings that were cut off", {{"error", error.what()}});
}

void Application::shutdown() {
  operations_.not_ready("shutting down");
  registration_.reset();  // While calls are still taken: clients learn of it after this.
  if (!overdue_)
    overdue_.emplace(config_.shutdown_grace + overdue_delay,
                     [this] { store_->engine().fail_pending_calls(); });
  repairs_.reset();
  services_.follower.stop();
  following_.reset();
  completions_.reset();
  if (grpc_) grpc_->shutdown(config_.shutdown_grace);
  if (admin_) admin_->stop();
  recommendations_.stop();  // handlers wait for it
  if (kafka_) {
    kafka_->close();
    kafka_->stop_consuming();
  }
  if (relay_) relay_->stop();
}

}  // namespace killrvideo
