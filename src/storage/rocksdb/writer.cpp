#include "storage/rocksdb/writer.hpp"

#include <rocksdb/file_system.h>

#include <algorithm>

#include "common/expects.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

// With fewer writes in flight, waiting for more does not pay.
constexpr std::size_t many = 4;
// How often to try to replace a broken log; a try may flush memory.
constexpr auto time_between_tries = std::chrono::seconds(1);
// Space for a new log, and for the overhead of a table file.
constexpr std::uint64_t spare_bytes = 4 << 20;

class MendedByWriter : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status /*error*/,
                            bool* by_itself) override {
    if (reason == rocksdb::BackgroundErrorReason::kWriteCallback) *by_itself = false;
  }
};

}  // namespace

std::shared_ptr<rocksdb::EventListener> log_is_mended_by_writer() {
  return std::make_shared<MendedByWriter>();
}

Error to_error(const rocksdb::Status& status, const std::string& doing) {
  if (status.IsNoSpace())
    return Error(Code::resource_exhausted, doing + ": the disk of the data directory is full");
  if (status.IsCorruption()) return Error(Code::internal, doing + ": " + status.ToString());
  return Error(Code::unavailable, doing + ": " + status.ToString());
}

GroupWriter::GroupWriter(rocksdb::DB& db, Limits limits, Observer observer)
    : db_(db), limits_(limits), observer_(std::move(observer)) {
  for (std::size_t i = 0; i < limits_.threads; ++i) threads_.emplace_back([this] { loop(); });
}

GroupWriter::~GroupWriter() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
}

Task<bool> GroupWriter::write(const Context& context, std::vector<WriteOperation> operations,
                              std::optional<WriteCondition> condition) {
  reserve_slot();
  bool applied = co_await suspended<std::exception_ptr, bool>([&](Done done) {
    enqueue({&context, std::move(operations), std::move(condition), std::move(done)});
  });
  co_return applied;
}

void GroupWriter::reserve_slot() {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) < limits_.queue) return;
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  throw Error(Code::resource_exhausted,
              "too many writes are waiting (" + std::to_string(limits_.queue) + ")");
}

void GroupWriter::enqueue(Waiting waiting) {
  bool enough;
  {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(waiting));
    enough = queue_.size() == wake_at_;
  }
  if (enough) wake_.notify_one();
}

void GroupWriter::loop() {
  for (;;) {
    std::unique_lock turn(turn_);
    std::vector<Waiting> group = take_group();
    if (group.empty()) return;
    settle(group, commit(group));
    turn.unlock();
    for (Waiting& waiting : group) waiting.done(waiting.error, waiting.applied && !waiting.error);
  }
}

void GroupWriter::settle(std::vector<Waiting>& group, std::size_t count) {
  std::lock_guard lock(mutex_);
  under_way_ = count + queue_.size();
  if (count == group.size()) return;
  under_way_ = 0;  // what has waited for its turn goes on at once
  auto begin = group.begin() + static_cast<std::ptrdiff_t>(count);
  waiting_.fetch_add(group.size() - count, std::memory_order_relaxed);
  queue_.insert(queue_.begin(), std::make_move_iterator(begin),
                std::make_move_iterator(group.end()));
  group.erase(begin, group.end());
}

std::vector<GroupWriter::Waiting> GroupWriter::take_group() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return ending_ || !queue_.empty(); });
  gather(lock);
  std::vector<Waiting> group;
  if (queue_.size() <= limits_.group) {
    group.swap(queue_);
  } else {
    auto end = queue_.begin() + static_cast<std::ptrdiff_t>(limits_.group);
    group.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
  }
  waiting_.fetch_sub(group.size(), std::memory_order_relaxed);
  return group;
}

void GroupWriter::gather(std::unique_lock<std::mutex>& lock) {
  expects(lock.owns_lock() && lock.mutex() == &mutex_, "the lock is that of the queue");
  if (under_way_ < many) return;
  // Not all of them: there is work to do while the last ones are on their way.
  wake_at_ = std::min(under_way_ - under_way_ / 4, limits_.group);
  wake_.wait_for(lock, limits_.gathering, [&] { return ending_ || queue_.size() >= wake_at_; });
  wake_at_ = 1;
}

bool GroupWriter::settle_early(Waiting& waiting) try {
  waiting.context->check_deadline();
  return waiting.condition && !waiting.condition->holds();
} catch (...) {
  waiting.error = std::current_exception();
  return true;
}

std::size_t GroupWriter::commit(std::vector<Waiting>& group) {
  auto begin = std::chrono::steady_clock::now();
  bool conditional =
      std::ranges::any_of(group, [](const Waiting& waiting) { return !!waiting.condition; });
  std::unordered_set<std::string_view> written;  // kept only if there is a condition to check
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* family = nullptr;
  std::size_t settled = 0;
  for (Waiting& waiting : group) {
    if (waiting.condition && written.contains(waiting.condition->key)) break;
    ++settled;
    if (settle_early(waiting)) continue;
    waiting.applied = true;
    for (const WriteOperation& operation : waiting.operations) {
      switch (operation.kind) {
        case WriteOperation::Kind::put:
          batch.Put(operation.family, operation.key, operation.value);
          break;
        case WriteOperation::Kind::merge:
          batch.Merge(operation.family, operation.key, operation.value);
          break;
        case WriteOperation::Kind::remove:
          batch.Delete(operation.family, operation.key);
          break;
      }
      if (conditional) written.insert(operation.key);
      family = operation.family;
    }
  }
  if (std::exception_ptr error = write_batch(batch, family)) {
    for (std::size_t i = 0; i < settled; ++i)
      if (group[i].applied) group[i].error = error;
  }
  if (observer_)
    observer_(settled, waiting_.load(std::memory_order_relaxed),
              std::chrono::steady_clock::now() - begin);
  return settled;
}

std::exception_ptr GroupWriter::write_batch(rocksdb::WriteBatch& batch,
                                            rocksdb::ColumnFamilyHandle* family) {
  if (batch.Count() == 0) return nullptr;
  if (!failure_.ok()) begin_new_log();
  if (failure_.ok()) failure_ = write_to_log(batch, family);
  if (failure_.ok()) return nullptr;
  return std::make_exception_ptr(to_error(failure_, "write to the store failed"));
}

rocksdb::Status GroupWriter::write_to_log(rocksdb::WriteBatch& batch,
                                          rocksdb::ColumnFamilyHandle* family) {
  auto status = leave_something_in_memory(family);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return status.ok() ? db_.Write(synced, &batch) : status;
}

// After a failed write RocksDB refuses further writes until Resume(), which flushes memory and
// starts a new log.
void GroupWriter::begin_new_log() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) return;
  next_try_ = now + time_between_tries;
  if (has_room() && db_.Resume().ok()) failure_ = rocksdb::Status::OK();
}

// Whether the content of memory fits on the disk: in Resume(), RocksDB 7.8 may wait forever for a
// flush that fails.
bool GroupWriter::has_room() {
  std::uint64_t in_memory = 0, free = 0;
  db_.GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &in_memory);
  const auto known = db_.GetFileSystem()->GetFreeSpace(db_.GetName(), {}, &free, nullptr);
  return !known.ok() || free >= in_memory + spare_bytes;
}

// If memory were empty, there would be nothing to flush and so no new log: RocksDB would write to
// the broken log again and abort the process. So this puts something into memory before the log is
// written to: the deletion of a key that no row has. It stays there, as nobody else flushes after a
// failed write.
rocksdb::Status GroupWriter::leave_something_in_memory(rocksdb::ColumnFamilyHandle* family) {
  std::uint64_t entries = 0;
  if (!db_.GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesActiveMemTable, &entries) ||
      entries > 0)
    return rocksdb::Status::OK();
  rocksdb::WriteOptions without_log;
  without_log.disableWAL = true;
  return db_.Delete(without_log, family, "");
}

}  // namespace killrvideo::storage::rocksdb_engine
