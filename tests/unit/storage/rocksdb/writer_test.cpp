// Group commit: limits, deadlines, conditions within a group, failing disks.
#include "storage/rocksdb/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <future>
#include <latch>
#include <numeric>

#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::Le;

/// A file system that watches the logs, and where they cannot be written to while the disk is
/// `full`.
class WatchedDisk : public rocksdb::FileSystemWrapper {
 public:
  WatchedDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "WatchedDisk"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    auto status = target()->NewWritableFile(name, options, file, context);
    if (status.ok() && name.ends_with(".log"))
      *file = std::make_unique<Log>(std::move(*file), *this);
    return status;
  }

  std::atomic<bool> full = false;
  std::atomic<int> unsynced_appends = 0;
  std::atomic<int> syncs = 0;

 private:
  class Log : public rocksdb::FSWritableFileOwnerWrapper {
    using Base = rocksdb::FSWritableFileOwnerWrapper;

   public:
    Log(std::unique_ptr<rocksdb::FSWritableFile> file, WatchedDisk& disk)
        : Base(std::move(file)), disk_(disk) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      if (disk_.full) return rocksdb::IOStatus::NoSpace("the disk is full");
      ++disk_.unsynced_appends;
      return Base::Append(data, options, context);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo& info,
                             rocksdb::IODebugContext* context) override {
      if (disk_.full) return rocksdb::IOStatus::NoSpace("the disk is full");
      ++disk_.unsynced_appends;
      return Base::Append(data, options, info, context);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
      disk_.unsynced_appends = 0;
      ++disk_.syncs;
      return Base::Sync(options, context);
    }

   private:
    WatchedDisk& disk_;
  };
};

class RocksWriter : public ::testing::Test {
 protected:
  RocksWriter() { open(); }

  void open() {
    writer_.reset();
    db_.reset();
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = env_.get();
    options.listeners = {log_is_mended_by_writer()};
    rocksdb::DB* db = nullptr;
    auto status = rocksdb::DB::Open(options, directory_.path().string(), &db);
    if (!status.ok()) throw std::runtime_error(status.ToString());
    db_.reset(db);
  }

  /// REQUIRES: called before the first write.
  void start_writer(GroupWriter::Limits limits = {}, GroupWriter::Observer observer = {}) {
    writer_ = std::make_unique<GroupWriter>(*db_, limits, std::move(observer));
  }

  std::vector<WriteOperation> put(const std::string& key, const std::string& value) {
    return {{WriteOperation::Kind::put, db_->DefaultColumnFamily(), key, value}};
  }

  /// The condition that a key is absent.
  WriteCondition absent(const std::string& key) {
    return {key, [this, key] { return !get(key); }};
  }

  std::future<bool> begin(const Context& context, std::vector<WriteOperation> operations,
                          std::optional<WriteCondition> condition = std::nullopt) {
    auto promise = std::make_shared<std::promise<bool>>();
    start(writer_->write(context, std::move(operations), std::move(condition)),
          [promise](std::exception_ptr error, bool applied) {
            error ? promise->set_exception(error) : promise->set_value(applied);
          });
    return promise->get_future();
  }
  std::future<bool> begin(std::vector<WriteOperation> operations,
                          std::optional<WriteCondition> condition = std::nullopt) {
    return begin(context_, std::move(operations), std::move(condition));
  }

  std::optional<std::string> get(const std::string& key) {
    std::string value;
    auto status = db_->Get({}, key, &value);
    return status.ok() ? std::optional(value) : std::nullopt;
  }

  const Context context_;
  TemporaryDirectory directory_{memory_directory()};
  std::shared_ptr<WatchedDisk> disk_ = std::make_shared<WatchedDisk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<GroupWriter> writer_;
};

/// Keeps the writer busy from construction to release(), so that what is begun meanwhile waits in
/// the queue and makes up one group.
class Obstacle {
 public:
  WriteCondition condition() {
    return {"obstacle", [this] {
              reached_.count_down();
              released_.wait();
              return false;
            }};
  }
  void wait_until_reached() { reached_.wait(); }
  void release() { released_.count_down(); }

 private:
  std::latch reached_{1};
  std::latch released_{1};
};

class RocksWriterQueue : public RocksWriter {
 protected:
  void start_blocked(GroupWriter::Limits limits = {}, GroupWriter::Observer observer = {}) {
    start_writer(limits, std::move(observer));
    blocking_ = begin({}, obstacle_.condition());
    obstacle_.wait_until_reached();
  }

  void release() {
    obstacle_.release();
    EXPECT_FALSE(blocking_.get());
  }

  Obstacle obstacle_;
  std::future<bool> blocking_;
};

Code code_of(std::future<bool> result) {
  try {
    result.get();
  } catch (const Error& error) {
    return error.code();
  }
  throw std::runtime_error("no error");
}

TEST_F(RocksWriter, writes) {
  start_writer();
  EXPECT_TRUE(begin(put("a", "1")).get());
  EXPECT_EQ(get("a"), "1");
  EXPECT_TRUE(begin({{WriteOperation::Kind::remove, db_->DefaultColumnFamily(), "a", ""}}).get());
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_F(RocksWriter, writes_on_condition) {
  start_writer();
  EXPECT_TRUE(begin(put("a", "1"), absent("a")).get());
  EXPECT_FALSE(begin(put("a", "2"), absent("a")).get());
  EXPECT_EQ(get("a"), "1");
}

TEST_F(RocksWriter, returns_when_the_log_is_on_disk) {
  start_writer();
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(begin(put(std::to_string(i), "1")).get());
    EXPECT_EQ(disk_->unsynced_appends, 0);
    EXPECT_EQ(disk_->syncs, i + 1);
  }
}

TEST_F(RocksWriter, writes_everything_that_many_threads_hand_it) {
  std::mutex mutex;
  std::vector<std::size_t> groups;
  start_writer({.group = 5}, [&](std::size_t group, std::size_t, std::chrono::nanoseconds) {
    std::lock_guard lock(mutex);
    groups.push_back(group);
  });
  constexpr int threads = 8, writes = 100;
  {
    std::vector<std::jthread> writing;
    for (int thread = 0; thread < threads; ++thread)
      writing.emplace_back([&, thread] {
        std::vector<std::future<bool>> done;
        for (int i = 0; i < writes; ++i)
          done.push_back(begin(put(std::to_string(thread) + "." + std::to_string(i), "")));
        for (auto& each : done) EXPECT_TRUE(each.get());
      });
  }
  for (int thread = 0; thread < threads; ++thread)
    for (int i = 0; i < writes; ++i)
      EXPECT_TRUE(get(std::to_string(thread) + "." + std::to_string(i)));
  writer_.reset();
  EXPECT_EQ(std::accumulate(groups.begin(), groups.end(), std::size_t{0}), threads * writes);
  EXPECT_THAT(groups, Each(Le(5u)));
}

TEST_F(RocksWriterQueue, refuses_what_is_over_its_limit) {
  start_blocked({.queue = 3});
  std::vector<std::future<bool>> waiting;
  for (const auto* key : {"a", "b", "c"}) waiting.push_back(begin(put(key, "1")));
  EXPECT_EQ(code_of(begin(put("d", "1"))), Code::resource_exhausted);
  release();
  for (auto& each : waiting) EXPECT_TRUE(each.get());
  EXPECT_EQ(get("d"), std::nullopt);
  EXPECT_TRUE(begin(put("d", "2")).get());
}

TEST_F(RocksWriterQueue, writes_nothing_for_whom_the_deadline_passed_while_waiting) {
  start_blocked();
  Context hurried(1, std::chrono::system_clock::now() + 20ms);
  Context patient(2, std::chrono::system_clock::now() + 1h);
  auto late = begin(hurried, put("late", "1"));
  auto early = begin(patient, put("early", "1"));
  std::this_thread::sleep_for(40ms);
  release();
  EXPECT_EQ(code_of(std::move(late)), Code::deadline_exceeded);
  EXPECT_TRUE(early.get());
  EXPECT_EQ(get("late"), std::nullopt);
  EXPECT_EQ(get("early"), "1");
}

TEST_F(RocksWriterQueue, lets_conditions_see_what_their_group_writes) {
  start_blocked();
  auto first = begin(put("a", "1"), absent("a"));
  auto second = begin(put("a", "2"), absent("a"));
  auto plain = begin(put("b", "1"));
  auto after_plain = begin(put("b", "2"), absent("b"));
  auto plain_again = begin(put("b", "3"));
  auto other = begin(put("c", "1"), absent("c"));
  release();
  EXPECT_TRUE(first.get());
  EXPECT_FALSE(second.get());
  EXPECT_TRUE(plain.get());
  EXPECT_FALSE(after_plain.get());
  EXPECT_TRUE(plain_again.get());
  EXPECT_TRUE(other.get());
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), "3");
  EXPECT_EQ(get("c"), "1");
}

TEST_F(RocksWriterQueue, fails_only_the_write_whose_condition_fails) {
  start_blocked();
  auto before = begin(put("a", "1"));
  auto failing = begin(
      put("b", "1"), WriteCondition{"b", []() -> bool { throw Error(Code::internal, "corrupt"); }});
  auto after = begin(put("c", "1"));
  release();
  EXPECT_TRUE(before.get());
  EXPECT_EQ(code_of(std::move(failing)), Code::internal);
  EXPECT_TRUE(after.get());
  EXPECT_EQ(get("b"), std::nullopt);
}

TEST_F(RocksWriterQueue, is_written_before_the_writer_ends) {
  start_blocked();
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(begin(put(std::to_string(i), "1")));
  std::jthread releasing([&] {
    std::this_thread::sleep_for(10ms);
    release();
  });
  writer_.reset();
  for (auto& each : waiting) {
    ASSERT_EQ(each.wait_for(0s), std::future_status::ready);
    EXPECT_TRUE(each.get());
  }
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(get(std::to_string(i)));
}

TEST_F(RocksWriterQueue, is_brought_to_disk_by_one_sync) {
  start_blocked();
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(begin(put(std::to_string(i), "1")));
  release();
  for (auto& each : waiting) EXPECT_TRUE(each.get());
  EXPECT_EQ(disk_->unsynced_appends, 0);
  EXPECT_EQ(disk_->syncs, 1);
}

TEST_F(RocksWriterQueue, is_one_group) {
  std::vector<std::pair<std::size_t, std::size_t>> groups;
  start_blocked({.group = 4}, [&](std::size_t group, std::size_t waiting, auto) {
    groups.emplace_back(group, waiting);
  });
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 6; ++i) waiting.push_back(begin(put(std::to_string(i), "1")));
  release();
  for (auto& each : waiting) EXPECT_TRUE(each.get());
  writer_.reset();
  EXPECT_THAT(groups,
              ::testing::ElementsAre(std::pair(1u, 6u), std::pair(4u, 2u), std::pair(2u, 0u)));
}

TEST_F(RocksWriterQueue, waits_for_more_where_many_write) {
  std::vector<std::size_t> groups;
  start_blocked({.gathering = 1h}, [&](std::size_t group, auto, auto) { groups.push_back(group); });
  std::vector<std::future<bool>> waiting;
  const auto write = [&](int count) {
    for (int i = 0; i < count; ++i) waiting.push_back(begin(put("a", "1")));
  };
  write(8);
  release();
  for (auto& each : waiting) EXPECT_TRUE(each.get());
  // Eight were under way: two of them may still be on their way when the next six are written.
  write(5);
  EXPECT_EQ(waiting.back().wait_for(20ms), std::future_status::timeout);
  write(1);
  for (std::size_t i = 8; i < waiting.size(); ++i) EXPECT_TRUE(waiting[i].get());
  write(3);
  writer_.reset();  // does not wait for more
  EXPECT_THAT(groups, ::testing::ElementsAre(1u, 8u, 6u, 3u));
}

TEST_F(RocksWriter, does_not_wait_for_more_with_few_writes) {
  start_writer({.gathering = 1h});
  for (int i = 0; i < 5; ++i) {
    auto one = begin(put("a", "1"));
    auto other = begin(put("b", "1"));
    EXPECT_TRUE(one.get());
    EXPECT_TRUE(other.get());
  }
}

class RocksWriterOnAFullDisk : public RocksWriter {
 protected:
  RocksWriterOnAFullDisk() { start_writer(); }

  void write(const std::string& key) {
    EXPECT_TRUE(begin(put(key, "1"), absent(key)).get());
    written_.push_back(key);
  }

  void fail_to_write() {
    disk_->full = true;
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(code_of(begin(put("failed", "1"))), Code::resource_exhausted);
    EXPECT_EQ(get("failed"), std::nullopt);
    for (const std::string& key : written_) EXPECT_EQ(get(key), "1");
    disk_->full = false;
  }

  /// Tries until it has been noticed that there is room.
  void write_at_last(const std::string& key) {
    for (auto end = std::chrono::steady_clock::now() + 30s;;) {
      try {
        write(key);
        return;
      } catch (const Error& error) {
        ASSERT_EQ(error.code(), Code::resource_exhausted);
        ASSERT_LT(std::chrono::steady_clock::now(), end);
        std::this_thread::sleep_for(50ms);
      }
    }
  }

  void TearDown() override {
    open();
    for (const std::string& key : written_) EXPECT_EQ(get(key), "1") << key;
  }

  std::vector<std::string> written_;
};

TEST_F(RocksWriterOnAFullDisk, goes_on_when_there_is_room_again) {
  write("before");
  fail_to_write();
  write_at_last("between");
  fail_to_write();
  write_at_last("after");
}

TEST_F(RocksWriterOnAFullDisk, goes_on_when_nothing_was_in_memory) {
  fail_to_write();
  write_at_last("between");
  ASSERT_TRUE(db_->Flush({}).ok());
  fail_to_write();
  write_at_last("after");
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
