#include "app/delivery_lease.hpp"

#include <gtest/gtest.h>

#include "events/relay.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

TEST(DeliveryLease, NobodyGetsItWhileTheWorkIsDone) {
  storage::TemporaryStore store;
  Config config;
  config.store = StoreEngine::cassandra;
  storage::Lease relay(*store, Relay::lease_name, 12s);
  bool done = false;
  while_nobody_delivers(
      *store, config, [&](auto...) { done = true; },
      [&](const RebuildProgress& progress) {
        EXPECT_FALSE(relay.beat());
        progress("work", 1, 1);
      });
  EXPECT_TRUE(done);
  EXPECT_TRUE(relay.beat()) << "it is given up at once";
}

TEST(DeliveryLease, ItIsGivenUpAlsoIfTheWorkFails) {
  storage::TemporaryStore store;
  Config config;
  config.store = StoreEngine::cassandra;
  const auto fail = [](const RebuildProgress&) { throw std::runtime_error("no"); };
  EXPECT_THROW(while_nobody_delivers(*store, config, [](auto...) {}, fail), std::runtime_error);
  storage::Lease relay(*store, Relay::lease_name, 12s);
  EXPECT_TRUE(relay.beat());
}

}  // namespace
}  // namespace killrvideo
