#include "storage/bulk.hpp"

namespace killrvideo::storage {

BulkWriter::~BulkWriter() {
  std::unique_lock lock(mutex_);
  landed_.wait(lock, [&] { return in_flight_ == 0; });
}

Batch& BulkWriter::batch() {
  if (batch_.size() >= batch_size) send();
  return batch_;
}

void BulkWriter::flush() {
  if (!batch_.empty()) send();
  wait_for(0);
}

void BulkWriter::send() {
  wait_for(most_in_flight_ - 1);
  {
    std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  start(store_.write_non_atomic(context_, std::exchange(batch_, {})),
        [this](std::exception_ptr error) {
          // Holds the lock to the end: once it is released, this object may be destroyed.
          std::lock_guard lock(mutex_);
          if (error && !error_) error_ = error;
          --in_flight_;
          landed_.notify_one();
        });
}

void BulkWriter::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  landed_.wait(lock, [&] { return in_flight_ <= count; });
  if (error_) std::rethrow_exception(error_);
}

}  // namespace killrvideo::storage
