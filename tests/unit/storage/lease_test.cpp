#include "storage/lease.hpp"

#include <gtest/gtest.h>

#include "storage/temporary_store.hpp"

namespace killrvideo::storage {
namespace {

using namespace std::chrono_literals;

// Two processes, each with a clock of its own that stands still unless it is moved.
class LeaseTest : public ::testing::Test {
 protected:
  struct Process {
    explicit Process(Store& store) : lease(store, "work", 12s, [this] { return time; }) {}
    Lease::Clock::time_point time{1h};
    Lease lease;
  };

  TemporaryStore store_;
  Process a_{*store_}, b_{*store_};
};

TEST_F(LeaseTest, IsHeldByOne) {
  EXPECT_FALSE(a_.lease.held());
  EXPECT_TRUE(a_.lease.beat());
  EXPECT_TRUE(a_.lease.held());
  EXPECT_FALSE(b_.lease.beat());
  EXPECT_FALSE(b_.lease.held());
}

TEST_F(LeaseTest, IsKeptByOneThatRenewsIt) {
  a_.lease.beat();
  for (int i = 0; i < 20; ++i) {
    a_.time += 3s;
    b_.time += 3s;
    EXPECT_TRUE(a_.lease.beat());
    EXPECT_FALSE(b_.lease.beat());
  }
}

TEST_F(LeaseTest, IsTakenFromOneThatHasNotRenewedItForItsDuration) {
  a_.lease.beat();
  EXPECT_FALSE(b_.lease.beat());
  b_.time += 12s;
  EXPECT_FALSE(b_.lease.beat());
  b_.time += 1s;
  EXPECT_TRUE(b_.lease.beat());
  EXPECT_FALSE(a_.lease.beat());
  EXPECT_FALSE(a_.lease.held());
}

TEST_F(LeaseTest, IsNotTakenBeforeItsHolderKnowsThatItIsLost) {
  a_.lease.beat();
  a_.time += 9s;
  EXPECT_FALSE(a_.lease.held());
}

TEST_F(LeaseTest, WhatTimeItIsElsewhereDoesNotMatter) {
  b_.time += 24h;
  a_.lease.beat();
  EXPECT_FALSE(b_.lease.beat());
  a_.time += 3s;
  a_.lease.beat();
  b_.time += 12s;
  EXPECT_FALSE(b_.lease.beat());
}

TEST_F(LeaseTest, IsFreeAtOnceWhenItIsReleased) {
  a_.lease.beat();
  EXPECT_FALSE(b_.lease.beat());
  a_.lease.release();
  EXPECT_FALSE(a_.lease.held());
  EXPECT_TRUE(b_.lease.beat());
}

TEST_F(LeaseTest, ReleasingOneOfAnotherDoesNothing) {
  a_.lease.beat();
  b_.lease.beat();
  b_.lease.release();
  EXPECT_TRUE(a_.lease.beat());
}

TEST_F(LeaseTest, OfTheSameNameOnly) {
  a_.lease.beat();
  Lease other(*store_, "other work", 12s);
  EXPECT_TRUE(other.beat());
}

}  // namespace
}  // namespace killrvideo::storage
