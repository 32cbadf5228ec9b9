#include "app/delivery_lease.hpp"

#include <thread>

#include "common/periodic.hpp"
#include "events/relay.hpp"
#include "storage/lease.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_duration = Relay::Options{}.lease_duration;
constexpr auto try_interval = 250ms;

// Waits for as long as it takes to tell a dead holder from one that is alive.
void acquire(storage::Lease& lease) {
  const auto end = std::chrono::steady_clock::now() + lease_duration * 5 / 4;
  while (!lease.beat()) {
    if (std::chrono::steady_clock::now() > end)
      throw Error(Code::failed_precondition, "another process delivers events");
    std::this_thread::sleep_for(try_interval);
  }
}

}  // namespace

void while_nobody_delivers(storage::Store& store, const ProgressListener& progress,
                           const std::function<void(const ProgressListener&)>& work) {
  if (!store.engine().traits().shared) return work(progress);
  storage::Lease lease(store, Relay::lease_name, lease_duration);
  acquire(lease);
  struct Release {
    storage::Lease& lease;
    ~Release() { lease.release(); }
  } const release{lease};
  const Periodic beats(lease_duration / 4, [&] { lease.beat(); });
  work([&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!lease.held())
      throw Error(Code::unavailable, "another process has begun to deliver events");
    progress(what, done, total);
  });
}

}  // namespace killrvideo
