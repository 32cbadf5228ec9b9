// Backups of a store that is being written to.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "storage/rocksdb/engine.hpp"
#include "storage/sample_tables.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace fs = std::filesystem;
using namespace samples;

class RocksCheckpoint : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open(const fs::path& directory) {
    return open_store(directory, schema, {});
  }

  RocksEngine& engine() { return dynamic_cast<RocksEngine&>(store_->engine()); }

  /// Writes the i-th account and membership and counts them, all in one batch.
  void write(std::int32_t i) {
    Account account{Uuid::random(), i, "owner"};
    run(store_->commit({}, Batch()
                               .insert(accounts, account)
                               .insert(memberships, {account.id, "account", i})
                               .add(tallies, {{}, {1}, {i}})));
  }

  template <AnyTable T>
  static std::vector<typename T::Row> rows(Store& store, const T& table) {
    std::vector<typename T::Row> all;
    std::string state;
    do {
      auto page = run(store.scan({}, table, state, 1000));
      all.insert(all.end(), page.rows.begin(), page.rows.end());
      state = page.state;
    } while (!state.empty());
    return all;
  }

  /// Expects whole batches only; returns their number.
  static std::size_t count_batches(Store& store) {
    auto written = rows(store, accounts);
    std::int64_t sum = 0;
    for (const Account& account : written) {
      auto number = static_cast<std::int32_t>(account.balance);
      EXPECT_TRUE(run(store.get({}, memberships, {account.id, "account", number})));
      sum += number;
    }
    EXPECT_EQ(rows(store, memberships).size(), written.size());
    Tally tally = run(store.get({}, tallies, {{}})).value_or(Tally{});
    EXPECT_EQ(tally.hits.value, static_cast<std::int64_t>(written.size()));
    EXPECT_EQ(tally.misses.value, sum);
    return written.size();
  }

  TemporaryDirectory parent_{memory_directory()};
  std::unique_ptr<Store> store_ = open(parent_.path() / "store");
};

TEST_F(RocksCheckpoint, has_what_was_written_before_and_nothing_in_parts) {
  std::atomic<std::int32_t> next = 0;
  std::atomic<std::size_t> acknowledged = 0;
  std::atomic<bool> ending = false;
  std::vector<std::jthread> writers;
  for (int i = 0; i < 3; ++i)
    writers.emplace_back([&] {
      while (!ending) {
        write(next++);
        ++acknowledged;
        std::this_thread::sleep_for(std::chrono::microseconds(500));
      }
    });
  for (const auto* name : {"1", "2", "3", "4"}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::size_t before = acknowledged;
    engine().checkpoint(parent_.path() / name);
    std::size_t after = static_cast<std::size_t>(next);

    auto reader =
        std::make_unique<Store>(RocksEngine::open_read_only(parent_.path() / name, schema));
    std::size_t count = count_batches(*reader);
    EXPECT_GE(count, before);
    EXPECT_LE(count, after);
    dynamic_cast<RocksEngine&>(reader->engine()).verify();
    reader.reset();
    EXPECT_EQ(count_batches(*open(parent_.path() / name)), count);
  }
  ending = true;
  writers.clear();
  EXPECT_EQ(count_batches(*store_), acknowledged);
}

TEST_F(RocksCheckpoint, does_not_change_any_more) {
  for (std::int32_t i = 0; i < 10; ++i) write(i);
  engine().checkpoint(parent_.path() / "copy");
  for (std::int32_t i = 0; i < 10; ++i) write(i);
  EXPECT_EQ(count_batches(*open(parent_.path() / "copy")), 10u);
  EXPECT_EQ(count_batches(*store_), 20u);
}

TEST_F(RocksCheckpoint, can_be_written_to_without_harm_to_the_original) {
  for (std::int32_t i = 0; i < 10; ++i) write(i);
  engine().checkpoint(parent_.path() / "copy");
  auto original = std::exchange(store_, open(parent_.path() / "copy"));
  for (std::int32_t i = 0; i < 5; ++i) write(i);
  EXPECT_EQ(count_batches(*store_), 15u);
  EXPECT_EQ(count_batches(*original), 10u);
  original.reset();
  EXPECT_EQ(count_batches(*open(parent_.path() / "store")), 10u);
}

TEST_F(RocksCheckpoint, replaces_nothing) {
  write(1);
  fs::path target = parent_.path() / "copy";
  engine().checkpoint(target);
  write(2);
  EXPECT_THROW(engine().checkpoint(target), Error);
  EXPECT_EQ(count_batches(*open(target)), 1u);
}

TEST_F(RocksCheckpoint, needs_a_directory_to_be_in) {
  EXPECT_THROW(engine().checkpoint(parent_.path() / "no" / "such"), Error);
  EXPECT_FALSE(fs::exists(parent_.path() / "no"));
  write(1);
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
