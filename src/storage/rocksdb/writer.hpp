// Group commit: all waiting writes are committed as one synced RocksDB batch.
//
// A few threads take turns. One commits a group while the next group gathers; then it lets another
// thread commit that one, and resumes the coroutines of its own group. So all writes of a group
// share the cost of one sync, and a coroutine resumes in the thread that has written its data. Only
// one thread commits at a time and nobody else writes, so it can also check conditions: what it
// reads cannot change before its write. A condition on a row that the same group writes waits for
// the next group.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "common/context.hpp"
#include "common/task.hpp"

namespace killrvideo::storage::rocksdb_engine {

struct WriteOperation {
  enum class Kind : std::uint8_t { put, merge, remove };
  Kind kind;
  rocksdb::ColumnFamilyHandle* family;
  std::string key;
  std::string value;
};

/// Reads the database and decides whether a conditional write is done. Runs in a writer thread.
struct WriteCondition {
  std::string key;  ///< the row that it reads
  std::function<bool()> holds;
};

class GroupWriter {
 public:
  struct Limits {
    std::size_t queue = 10'000;                ///< writes that may wait; more are refused
    std::size_t group = 1'024;                 ///< writes in one group
    std::size_t threads = 2;                   ///< threads that take turns
    std::chrono::microseconds gathering{400};  ///< the longest that a group waits for more writes
  };

  /// Called for every group: its number of writes, the number that wait, and the time to disk.
  using Observer =
      std::function<void(std::size_t group, std::size_t waiting, std::chrono::nanoseconds)>;

  GroupWriter(rocksdb::DB& db, Limits limits, Observer observer);
  /// Writes all waiting operations first. REQUIRES: nobody calls write() any more.
  ~GroupWriter();

  /// Returns when the operations are on disk (true) or the condition did not hold (false). The
  /// caller resumes in one of the writer's threads, which it must not block.
  Task<bool> write(const Context& context, std::vector<WriteOperation> operations,
                   std::optional<WriteCondition> condition);

 private:
  using Done = Resume<std::exception_ptr, bool>;

  struct Waiting {
    const Context* context;
    std::vector<WriteOperation> operations;
    std::optional<WriteCondition> condition;
    Done done;
    std::exception_ptr error{};
    bool applied = false;
  };

  void reserve_slot();
  void enqueue(Waiting waiting);
  void loop();
  /// Waits for writes and takes up to one group; empty when the writer must stop.
  std::vector<Waiting> take_group();
  /// Waits for more writes if many were in flight. REQUIRES: the lock is that of the queue.
  void gather(std::unique_lock<std::mutex>& lock);
  /// Commits a prefix of the group; returns how many of its writes are decided.
  std::size_t commit(std::vector<Waiting>& group);
  /// Keeps the first `count` writes of the group and returns the others to the front of the queue.
  void settle(std::vector<Waiting>& group, std::size_t count);
  bool settle_early(Waiting& waiting);
  /// Writes a batch; `family` is one that it writes to.
  std::exception_ptr write_batch(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family);
  rocksdb::Status write_to_log(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family);
  void begin_new_log();
  bool has_room();
  rocksdb::Status leave_something_in_memory(rocksdb::ColumnFamilyHandle* family);

  rocksdb::DB& db_;
  const Limits limits_;
  const Observer observer_;

  std::atomic<std::size_t> waiting_{0};  // writes in the queue or about to enter it
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> queue_;
  std::size_t wake_at_ = 1;    // the length of the queue at which the gathering thread wakes
  std::size_t under_way_ = 0;  // in the last group, and behind it when it was on disk
  bool ending_ = false;

  std::mutex turn_;          // held by the thread that takes and commits
  rocksdb::Status failure_;  // of the last write, if the log has not been replaced since
  std::chrono::steady_clock::time_point next_try_{};  // to replace it
  std::vector<std::jthread> threads_;
};

/// A listener for databases with a GroupWriter: the GroupWriter recovers from a failed write to the
/// log, not RocksDB in a thread of its own.
std::shared_ptr<rocksdb::EventListener> log_is_mended_by_writer();

/// The Error for a failed RocksDB call; `doing` describes the call.
Error to_error(const rocksdb::Status& status, const std::string& doing);

}  // namespace killrvideo::storage::rocksdb_engine
