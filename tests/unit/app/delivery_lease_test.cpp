#include "app/delivery_lease.hpp"

#include <gtest/gtest.h>

#include "events/relay.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

/// One that other processes may be using.
std::unique_ptr<storage::Store> shared_store_on(storage::TemporaryStore& target) {
  auto engine = std::make_unique<storage::ForwardingEngine>(target->engine());
  engine->pretend({.shared = true, .batches_appear_whole = false});
  return std::make_unique<storage::Store>(std::move(engine));
}

TEST(DeliveryLease, NobodyGetsItWhileTheWorkIsDone) {
  storage::TemporaryStore target;
  const auto store = shared_store_on(target);
  storage::Lease relay(*store, Relay::lease_name, 12s);
  bool done = false;
  while_nobody_delivers(
      *store, [&](auto...) { done = true; },
      [&](const ProgressListener& progress) {
        EXPECT_FALSE(relay.beat());
        progress("work", 1, 1);
      });
  EXPECT_TRUE(done);
  EXPECT_TRUE(relay.beat()) << "it is given up at once";
}

TEST(DeliveryLease, ItIsGivenUpAlsoIfTheWorkFails) {
  storage::TemporaryStore target;
  const auto store = shared_store_on(target);
  const auto fail = [](const ProgressListener&) { throw std::runtime_error("no"); };
  EXPECT_THROW(while_nobody_delivers(*store, [](auto...) {}, fail), std::runtime_error);
  storage::Lease relay(*store, Relay::lease_name, 12s);
  EXPECT_TRUE(relay.beat());
}

}  // namespace
}  // namespace killrvideo
