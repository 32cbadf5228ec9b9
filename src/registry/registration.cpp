#include "registry/registration.hpp"

#include "common/log.hpp"

namespace killrvideo::registry {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds retry_interval = 1s;
constexpr auto withdrawal_limit = 1s;
// Renewals in an entry's lifetime: if one fails, the next is still in time.
constexpr int renewals = 3;

prometheus::Gauge& present_in(prometheus::Registry& metrics) {
  return prometheus::BuildGauge()
      .Name("killrvideo_registry_entries")
      .Help("Entries of this process that the registry had when it was asked last.")
      .Register(metrics)
      .Add({});
}

prometheus::Counter& failures_in(prometheus::Registry& metrics) {
  return prometheus::BuildCounter()
      .Name("killrvideo_registry_failures_total")
      .Help("Times that the registry did not answer or refused.")
      .Register(metrics)
      .Add({});
}

}  // namespace

Registration::Registration(std::unique_ptr<Etcd> etcd, std::vector<Entry> entries,
                           std::chrono::seconds lifetime, prometheus::Registry& metrics)
    : etcd_(std::move(etcd)),
      entries_(std::move(entries)),
      lifetime_(lifetime),
      renewal_interval_(std::chrono::milliseconds(lifetime) / renewals),
      present_(present_in(metrics)),
      failures_(failures_in(metrics)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

void Registration::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto pause = try_to_renew(stop) ? renewal_interval_ : retry_interval;
    wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); });
  }
  withdraw();
}

void Registration::renew(const std::stop_token& stop) {
  const http::Until until{steady_clock::now() + renewal_interval_, stop};
  if (was_put_) {
    if (etcd_->keep_alive(until)) return;
    log::warn("the registry has lost this process");
    was_put_ = false;
    state_ = State::starting;
  }
  etcd_->put(entries_, lifetime_, until);
  was_put_ = true;
}

bool Registration::try_to_renew(const std::stop_token& stop) try {
  renew(stop);
  enter(State::registered, {});
  return true;
} catch (const std::exception& error) {
  if (!stop.stop_requested()) enter(State::failing, error.what());
  return false;
}

void Registration::enter(State state, const std::string& why) {
  const bool registered = state == State::registered;
  present_.Set(registered ? static_cast<double>(entries_.size()) : 0);
  if (!registered) failures_.Increment();
  if (state == std::exchange(state_, state)) return;
  if (registered) {
    log::info("in the registry", {{"entries", entries_.size()}, {"address", entries_[0].value}});
  } else {
    log::warn("the registry cannot be used", {{"error", why}});
  }
}

void Registration::withdraw() try {
  etcd_->remove({steady_clock::now() + withdrawal_limit});
} catch (const std::exception& error) {
  log::warn("cannot leave the registry, where what there is expires",
            {{"seconds", lifetime_.count()}, {"error", error.what()}});
}

}  // namespace killrvideo::registry
