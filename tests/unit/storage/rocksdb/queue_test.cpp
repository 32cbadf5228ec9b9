// Queues: tables whose rows have their insert positions in memory found from the row before.
#include "storage/rocksdb/queue_insert_hint.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "storage/rocksdb/engine.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

struct Job {
  std::int32_t shard = 0;
  std::int32_t minute = 0;
  std::int64_t number = 0;
  std::string what;
  bool operator==(const Job&) const = default;
};
BOOST_DESCRIBE_STRUCT(Job, (), (shard, minute, number, what))
using JobTraits =
    Table<Job, Partition<&Job::shard, &Job::minute>, Clustering<Ascending<&Job::number>>>;
const JobTraits jobs{"jobs", AccessPattern::queue};
const JobTraits old_jobs{"old_jobs", AccessPattern::history};

struct Errand {
  std::string name;
  std::int32_t number = 0;
};
BOOST_DESCRIBE_STRUCT(Errand, (), (name, number))
const Table<Errand, Partition<&Errand::name>, Clustering<Ascending<&Errand::number>>> errands{
    "errands", AccessPattern::queue};

using JobKey = std::tuple<std::int32_t, std::int32_t, std::int64_t>;

JobKey any_key() {
  return {*rc::gen::inRange(0, 2), *rc::gen::inRange(-1, 2), *rc::gen::inRange(0, 40)};
}

std::vector<Job> partition_of(const std::map<JobKey, Job>& model, std::int32_t shard,
                              std::int32_t minute) {
  std::vector<Job> rows;
  for (const auto& [key, job] : model)
    if (job.shard == shard && job.minute == minute) rows.push_back(job);
  return rows;
}

RC_GTEST_PROP(RocksQueue, has_its_rows_in_order_however_they_come_and_go, ()) {
  TemporaryDirectory directory(memory_directory());
  const Schema schema{{&jobs}, {}};
  auto store = open_store(directory.path(), schema, {});
  std::map<JobKey, Job> model;
  const auto batches = *rc::gen::inRange(1, 12);
  for (int i = 0; i < batches; ++i) {
    if (i == batches / 2) {
      store.reset();
      store = open_store(directory.path(), schema, {});
    }
    std::map<JobKey, bool> changes;
    for (int change = *rc::gen::inRange(1, 20); change > 0; --change)
      changes[any_key()] = *rc::gen::arbitrary<bool>();
    Batch batch;
    for (const auto& [key, inserted] : changes) {
      const auto& [shard, minute, number] = key;
      const Job job{shard, minute, number, std::to_string(i)};
      inserted ? batch.insert(jobs, job) : batch.remove(jobs, key);
      inserted ? void(model[key] = job) : void(model.erase(key));
    }
    run(store->commit({}, std::move(batch)));
  }
  for (std::int32_t shard = 0; shard < 2; ++shard)
    for (std::int32_t minute = -1; minute < 2; ++minute)
      RC_ASSERT(run(store->slice({}, jobs, {shard, minute}, SliceQuery<>{.size = 100})).rows ==
                partition_of(model, shard, minute));
}

TEST(RocksQueueInsertHint, is_given_for_partitions_that_numbers_name) {
  QueueInsertHint hint;
  hint.add(1, jobs);
  hint.add(2, old_jobs);
  hint.add(3, errands);
  const auto key = [](TableNumber number, const TableInfo& table, const auto& columns) {
    return make_key(number, table, values_from(columns));
  };
  const std::string job = key(1, jobs, JobKey(1, 2, 3));
  ASSERT_TRUE(hint.InDomain(job));
  EXPECT_EQ(hint.Transform(job).ToString(), key(1, jobs, std::tuple(1, 2)));
  EXPECT_FALSE(hint.InDomain(key(2, old_jobs, JobKey(1, 2, 3))));
  EXPECT_FALSE(hint.InDomain(key(3, errands, std::tuple(std::string("one"), 1))));
  EXPECT_FALSE(hint.InDomain(key(4, jobs, JobKey(1, 2, 3))));
  EXPECT_FALSE(hint.InDomain(""));
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
