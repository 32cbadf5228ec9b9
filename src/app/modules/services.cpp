#include "app/modules/services.hpp"

#include "catalog/grpc.hpp"
#include "catalog/latest_days.hpp"
#include "comments/grpc.hpp"
#include "common/log.hpp"
#include "common/time_limits.hpp"
#include "ratings/grpc.hpp"
#include "statistics/grpc.hpp"
#include "users/grpc.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_passwords = 256;

template <class Service, auto make_rpc>
class ServiceModule : public Module {
 public:
  explicit ServiceModule(storage::Store& store) : service_(store) {}

  void add_rpcs(RpcServices& rpcs, RpcHost& host) override {
    rpcs.push_back(make_rpc(service_, host));
  }

 protected:
  Service service_;
};

class UsersModule final : public Module {
 public:
  UsersModule(storage::Store& store, const Config& config)
      : passwords_(config.password_threads, waiting_passwords),
        users_(store, passwords_,
               LoginLimits{config.login_failures_per_account, config.login_failures_per_peer,
                           config.login_window}) {}

  void add_rpcs(RpcServices& rpcs, RpcHost& host) override {
    rpcs.push_back(make_users_rpc(users_, host));
  }

 private:
  Passwords passwords_;
  Users users_;
};

// A shared store has other processes, which may be at work on what looks cut off.
class RatingsModule final : public ServiceModule<Ratings, make_ratings_rpc> {
 public:
  RatingsModule(storage::Store& store, const Topology& topology)
      : ServiceModule(store),
        age_at_start_(topology.store_is_shared ? time_limits::ratings_abandoned_after : 0s) {}

  void start() override { repair(age_at_start_); }
  void maintain(bool) override { repair(time_limits::ratings_abandoned_after); }

 private:
  void repair(std::chrono::milliseconds age) try {
    std::size_t repaired = run(service_.repair(Context{}, age));
    if (repaired > 0) log::info("completed ratings that were cut off", {{"videos", repaired}});
  } catch (const std::exception& error) {
    log::warn("cannot complete ratings that were cut off", {{"error", error.what()}});
  }

  const std::chrono::milliseconds age_at_start_;
};

// Finds days of the latest videos that other tools have written.
class LatestDaysModule final : public Module {
 public:
  LatestDaysModule(storage::Store& store, const Topology& topology)
      : store_(store), topology_(topology) {}

  void maintain(bool delivers) override try {
    const auto now = std::chrono::steady_clock::now();
    if (!topology_.store_is_shared || !delivers || now < next_look_) return;
    next_look_ = now + look_interval;
    run(find_days(store_, Context{}));
  } catch (const std::exception& error) {
    log::warn("cannot look for days of the latest videos", {{"error", error.what()}});
  }

 private:
  static constexpr auto look_interval = 10min;

  storage::Store& store_;
  const Topology topology_;
  std::chrono::steady_clock::time_point next_look_ =
      std::chrono::steady_clock::now() + look_interval;
};

}  // namespace

void make_service_modules(Modules& modules, storage::Store& store, const Config& config,
                          const Topology& topology) {
  const auto chosen = [&](Service service) { return config.services.contains(service); };
  if (chosen(Service::users)) modules.make<UsersModule>(store, config);
  if (chosen(Service::catalog)) modules.make<ServiceModule<Catalog, make_catalog_rpc>>(store);
  if (chosen(Service::comments)) modules.make<ServiceModule<Comments, make_comments_rpc>>(store);
  if (chosen(Service::ratings)) modules.make<RatingsModule>(store, topology);
  if (chosen(Service::statistics))
    modules.make<ServiceModule<Statistics, make_statistics_rpc>>(store);
  modules.make<LatestDaysModule>(store, topology);
}

}  // namespace killrvideo
