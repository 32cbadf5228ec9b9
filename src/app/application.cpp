#include "app/application.hpp"

#include "app/backup.hpp"
#include "app/data_directory.hpp"
#include "catalog/grpc.hpp"
#include "comments/grpc.hpp"
#include "common/log.hpp"
#include "ratings/grpc.hpp"
#include "statistics/grpc.hpp"
#include "storage/rocksdb/engine.hpp"
#include "transport/http/operations.hpp"
#include "users/grpc.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto repair_interval = 15s;
// Longer than any request takes, so that what is older has been given up.
constexpr auto repair_age = 60s;
constexpr std::size_t waiting_passwords = 256;

}  // namespace

Services::Services(storage::Store& store, const Config& config)
    : passwords(config.password_threads, waiting_passwords),
      users(store, passwords,
            LoginLimits{config.login_failures_per_account, config.login_failures_per_peer,
                        config.login_window}),
      catalog(store),
      comments(store),
      ratings(store),
      statistics(store) {}

Application::Application(const Config& config)
    : config_(config),
      rpc_host_{metrics_.rpc(), config.max_in_flight},
      store_(open_store(config, metrics_.store())),
      services_(*store_, config) {
  repair(0s);
}

Application::~Application() { shutdown(); }

std::vector<std::unique_ptr<RpcService>> Application::make_rpc_services() {
  std::vector<std::unique_ptr<RpcService>> rpcs;
  auto chosen = [&](Service service) { return config_.services.contains(service); };
  if (chosen(Service::users)) rpcs.push_back(make_users_rpc(services_.users, rpc_host_));
  if (chosen(Service::catalog)) rpcs.push_back(make_catalog_rpc(services_.catalog, rpc_host_));
  if (chosen(Service::comments)) rpcs.push_back(make_comments_rpc(services_.comments, rpc_host_));
  if (chosen(Service::ratings)) rpcs.push_back(make_ratings_rpc(services_.ratings, rpc_host_));
  if (chosen(Service::statistics))
    rpcs.push_back(make_statistics_rpc(services_.statistics, rpc_host_));
  return rpcs;
}

void Application::listen() {
  auto readiness = [this] {
    bool ready = ready_.load();
    return http::Readiness{ready, ready ? "serving" : "starting or shutting down"};
  };
  http_ = std::make_unique<http::Server>(config_.http_address,
                                         http::operations_routes(metrics_, readiness));
  admin_ = std::make_unique<http::Server>(admin_socket(config_), admin_routes());
  GrpcServer::Options options{config_.grpc_address, config_.tls, config_.max_message_bytes};
  grpc_ = std::make_unique<GrpcServer>(options, make_rpc_services());
  if (config_.services.contains(Service::ratings))
    repairs_.emplace(repair_interval, [this] { repair(repair_age); });
  ready_ = true;
}

http::Routes Application::admin_routes() {
  http::Routes routes;
  routes.add("POST", "/backup", [this](const http::Request& request) {
    auto target = request.query.find("target");
    if (target == request.query.end()) throw invalid("target", "is required");
    backup(*store_, target->second);
    return http::Response{};
  });
  return routes;
}

void Application::repair(std::chrono::milliseconds age) try {
  std::size_t repaired = run(services_.ratings.repair(Context{}, age));
  if (repaired > 0) log::info("completed ratings that were cut off", {{"videos", repaired}});
} catch (const std::exception& error) {
  log::warn("cannot complete ratings that were cut off", {{"error", error.what()}});
}

void Application::shutdown() {
  ready_ = false;
  repairs_.reset();
  if (grpc_) grpc_->shutdown(config_.shutdown_grace);
  if (http_) http_->stop();
  if (admin_) admin_->stop();
}

}  // namespace killrvideo
