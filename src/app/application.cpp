#include "app/application.hpp"

#include "app/backup.hpp"
#include "app/data_directory.hpp"
#include "app/modules/events.hpp"
#include "app/modules/search.hpp"
#include "app/modules/services.hpp"
#include "app/modules/suggestions.hpp"
#include "app/registry.hpp"
#include "app/topology.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto maintenance_interval = 15s;
// Of the grace, for those who end by themselves at its end.
constexpr auto overdue_delay = 100ms;

std::vector<std::string> names_of(const RpcServices& services) {
  std::vector<std::string> names;
  names.reserve(services.size());
  for (const auto& service : services) names.push_back(service->name());
  return names;
}

}  // namespace

Application::Application(const Config& config, Operations& operations,
                         std::unique_ptr<storage::Store> store)
    : config_(config),
      operations_(operations),
      rpc_host_{operations.metrics().rpc(), config.max_in_flight},
      store_(std::move(store)),
      events_(make_modules()) {}

Application::~Application() { shutdown(); }

// In the order in which they start. Handlers of events wait for a rebuild, so that it has to be
// stopped before them.
EventsModule& Application::make_modules() {
  const auto topology = topology_of(config_, store_->engine().traits());
  auto& metrics = operations_.metrics();
  auto& search = modules_.make<SearchModule>(*store_, config_, topology, metrics);
  auto publish = [this](const Context& context, const Uuid& key, const auto& message) {
    return events_.publish(context, key, message);
  };
  auto& suggestions =
      modules_.make<SuggestionsModule>(*store_, config_, topology, std::move(publish));
  const EventConsumers consumers{.recommender = suggestions.recommender(),
                                 .tag_index = &suggestions.tag_index(),
                                 .index_updater = search.index_updater()};
  auto& events = modules_.make<EventsModule>(*store_, config_, topology, metrics, consumers);
  modules_.make<RebuildModule>(*store_, topology, suggestions, events);
  make_service_modules(modules_, *store_, config_, topology);
  return events;
}

void Application::start() {
  operations_.not_ready("starting");
  make_data_directory(config_);
  modules_.start();
  maintenance_.emplace(maintenance_interval, [this] { modules_.maintain(events_.delivers()); });
}

void Application::take_commands() {
  expects(maintenance_.has_value(), "start() has returned");
  admin_ = std::make_unique<http::Server>(admin_socket(config_), admin_routes());
}

void Application::listen() {
  GrpcServer::Options options{config_.grpc_address, config_.tls, config_.max_message_bytes};
  auto services = modules_.rpcs(rpc_host_);
  const auto names = names_of(services);
  grpc_ = std::make_unique<GrpcServer>(options, rpc_host_, std::move(services));
  registration_ =
      announce(config_.registry, names, grpc_->address().port, operations_.metrics().registry());
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
  modules_.add_routes(routes);
  return routes;
}

std::string Application::problem() const {
  auto of_store = store_->engine().problem();
  return of_store.empty() ? modules_.problem() : of_store;
}

void Application::shutdown() {
  operations_.not_ready("shutting down");
  registration_.reset();  // While calls are still taken: clients learn of it after this.
  if (!overdue_)
    overdue_.emplace(config_.shutdown_grace + overdue_delay,
                     [this] { store_->engine().fail_pending_calls(); });
  maintenance_.reset();
  if (grpc_) grpc_->shutdown(config_.shutdown_grace);
  if (admin_) admin_->stop();
  modules_.stop();
}

}  // namespace killrvideo
