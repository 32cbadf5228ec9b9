// What every engine has to do: the tests that derive from StoreContract run against each engine and
// assert nothing but what the headers of src/storage promise.
//
// Tests share a store with those that ran before them, on engines where a new store is expensive:
// they must not depend on the absence of rows that they did not write, and use keys of their own.
#pragma once

#include <gtest/gtest.h>

#include <barrier>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <thread>

#include "storage/cassandra/cluster.hpp"
#include "storage/rocksdb/engine.hpp"
#include "storage/sample_tables.hpp"
#include "storage/store.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage {

struct EngineUnderTest {
  std::string name;
  /// Opens a store with the tables of the samples.
  std::function<std::shared_ptr<Store>()> open;

  friend std::ostream& operator<<(std::ostream& out, const EngineUnderTest& engine) {
    return out << engine.name;
  }
};

inline std::shared_ptr<Store> open_rocksdb() {
  auto directory = std::make_shared<TemporaryDirectory>();
  auto store = rocksdb_engine::open_store(directory->path(), samples::schema, {});
  return {store.release(), [directory](Store* opened) { delete opened; }};
}

/// One store for all tests of a process, in a keyspace that stays; closed before the process ends.
class ContractCluster : public ::testing::Environment {
 public:
  std::shared_ptr<Store> store() {
    if (store_) return store_;
    const Context context(0, std::chrono::system_clock::now() + std::chrono::minutes(3));
    store_ = cassandra::open_store(connect_to_test_cluster(), samples::schema,
                                   {.name = "killrvideo_contract"}, context);
    return store_;
  }

  void TearDown() override { store_.reset(); }

 private:
  std::shared_ptr<Store> store_;
};

inline auto* const contract_cluster =
    static_cast<ContractCluster*>(::testing::AddGlobalTestEnvironment(new ContractCluster));

inline std::shared_ptr<Store> open_cassandra() { return contract_cluster->store(); }

inline std::vector<EngineUnderTest> engines() {
  return {{"rocksdb", open_rocksdb}, {"cassandra", open_cassandra}};
}

inline std::string engine_name(const ::testing::TestParamInfo<EngineUnderTest>& engine) {
  return engine.param.name;
}

class StoreContract : public ::testing::TestWithParam<EngineUnderTest> {
 protected:
  template <AnyTable T>
  void insert(const T& table, const typename T::Row& row) {
    commit(Batch().insert(table, row));
  }

  template <auto... Members, AnyTable T>
  void update(const T& table, const typename T::Row& row) {
    commit(Batch().update<Members...>(table, row));
  }

  template <AnyTable T>
  void remove(const T& table, const typename T::Key& key) {
    commit(Batch().remove(table, key));
  }

  template <AnyTable T>
  void add(const T& table, const typename T::Row& difference) {
    commit(Batch().add(table, difference));
  }

  void commit(const Batch& batch) { run(store_->commit(context_, batch)); }

  template <AnyTable T>
  std::optional<typename T::Row> get(const T& table, const typename T::Key& key) {
    return run(store_->get(context_, table, key));
  }

  template <auto... Members, AnyTable T>
  std::vector<std::optional<typename T::Row>> get_many(const T& table,
                                                       std::vector<typename T::Key> keys) {
    return run(
        store_->get_many<Members...>(context_, table, std::span<const typename T::Key>(keys)));
  }

  template <AnyTable T, class From = std::tuple<>>
  Slice<typename T::Row> slice(const T& table, const typename T::PartitionTuple& partition,
                               SliceQuery<From> wanted) {
    return run(store_->slice(context_, table, partition, std::move(wanted)));
  }

  /// All rows of a partition, read in pages of `size`.
  template <AnyTable T>
  std::vector<typename T::Row> walk(const T& table, const typename T::PartitionTuple& partition,
                                    std::size_t size) {
    std::vector<typename T::Row> rows;
    std::string state;
    do {
      auto next = slice(table, partition, SliceQuery<>{.size = size, .state = state});
      rows.insert(rows.end(), next.rows.begin(), next.rows.end());
      state = next.state;
    } while (!state.empty());
    return rows;
  }

  template <AnyTable T>
  std::optional<typename T::Row> insert_if_absent(const T& table, const typename T::Row& row) {
    return run(store_->insert_if_absent(context_, table, row));
  }

  template <auto Member, AnyTable T>
  bool compare_and_set(const T& table, const typename T::Row& row,
                       const detail::MemberTypeOf<Member>& expected) {
    return run(store_->compare_and_set<Member>(context_, table, row, expected));
  }

  template <auto Member, AnyTable T>
  bool remove_if(const T& table, const typename T::Key& key,
                 const detail::MemberTypeOf<Member>& expected) {
    return run(store_->remove_if<Member>(context_, table, key, expected));
  }

  Store& store() { return *store_; }
  const Context& context() const { return context_; }

 private:
  std::shared_ptr<Store> store_ = GetParam().open();
  Context context_;
};

/// Calls `work(i)` for i below `count`, each in a thread of its own, all at the same time. Rethrows
/// what one of them throws.
template <class Work>
void at_once(int count, Work work) {
  std::barrier everyone(count);
  std::mutex mutex;
  std::exception_ptr error;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        try {
          everyone.arrive_and_wait();
          work(i);
        } catch (...) {
          std::lock_guard lock(mutex);
          error = std::current_exception();
        }
      });
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace killrvideo::storage
