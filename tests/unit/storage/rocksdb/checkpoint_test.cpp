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

TEST_F(RocksCheckpoint, that_has_lost_a_part_is_not_opened_as_if_it_were_whole) {
  for (std::int32_t i = 0; i < 10; ++i) write(i);
  std::atomic<bool> ending = false;
  std::jthread writer([&] {
    while (!ending) write(10);
  });
  // Rows are in the log of the copy if they came while it was made.
  fs::path copy = parent_.path() / "copy";
  const auto log_of_copy = [&] {
    for (const auto& entry : fs::directory_iterator(copy))
      if (entry.path().extension() == ".log" && entry.file_size() > 0) return entry.path();
    return fs::path();
  };
  engine().checkpoint(copy);
  while (log_of_copy().empty()) {
    fs::remove_all(copy);
    engine().checkpoint(copy);
  }
  ending = true;
  writer.join();

  const auto opens_after = [&](auto damage) {
    fs::path damaged = parent_.path() / "damaged";
    fs::remove_all(damaged);
    fs::copy(copy, damaged);
    damage(damaged);
    try {
      RocksEngine::open_read_only(damaged, schema);
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::failed_precondition);
      return false;
    }
  };
  EXPECT_TRUE(opens_after([](const fs::path&) {}));
  const auto log = log_of_copy().filename();
  EXPECT_FALSE(opens_after([&](const fs::path& in) { fs::remove(in / log); }));
  for (auto size : {std::uintmax_t{0}, fs::file_size(copy / log) - 1})
    EXPECT_FALSE(opens_after([&](const fs::path& in) { fs::resize_file(in / log, size); }));
  for (const auto& entry : fs::directory_iterator(copy)) {
    const auto name = entry.path().filename();
    if (!name.string().starts_with("MANIFEST")) continue;
    for (std::uintmax_t size = 0; size < entry.file_size(); size += 200)
      EXPECT_FALSE(opens_after([&](const fs::path& in) { fs::resize_file(in / name, size); }));
  }
}

TEST_F(RocksCheckpoint, of_a_store_at_rest_leaves_it_as_it_is) {
  Schema later = schema;
  later.migrations.push_back({2, "nothing", [](Store&) -> Task<void> { co_return; }});
  for (std::int32_t i = 0; i < 10; ++i) write(i);
  store_.reset();
  open_store(parent_.path() / "store", later, {});
  // Whose schema is later than ours, so that we cannot open it.
  EXPECT_THROW(open(parent_.path() / "store"), Error);
  RocksEngine::copy(parent_.path() / "store", parent_.path() / "copy");
  auto copy = open_store(parent_.path() / "copy", later, {});
  EXPECT_EQ(count_batches(*copy), 10u);
  EXPECT_THROW(RocksEngine::copy(parent_.path() / "copy", parent_.path() / "another"), Error)
      << "it is open";
  EXPECT_THROW(RocksEngine::copy(parent_.path() / "none", parent_.path() / "another"), Error);
  EXPECT_FALSE(fs::exists(parent_.path() / "another"));
  EXPECT_FALSE(fs::exists(parent_.path() / "none"));
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
