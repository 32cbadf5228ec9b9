// Databases opened for reading, which threads share.
//
// Xapian's databases belong to one thread at a time, and one that was opened sees the index as it
// was then, until it is reopened. What it sees stays in place during the next commit; the one after
// that writes over blocks that are free by then. Xapian mostly notices when a reader meets such a
// block, but not when it is half written. So an answer counts only if no second commit has begun.
#pragma once

#include <xapian.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "common/error.hpp"

namespace killrvideo::xapian_engine {

/// The Error that questions get while there is no index to ask.
inline Error not_in_use() {
  return Error(Code::unavailable, "the search index is being built; try again soon");
}

/// What a question sees: which index, and how often it was changed.
struct IndexState {
  std::uint64_t directory_number = 0;
  std::uint64_t version = 0;
  bool operator==(const IndexState&) const = default;
};

class Readers {
 public:
  /// Reads from this directory from now on. Any thread.
  void use(const std::filesystem::path& directory);
  /// Reads nothing from now on. Any thread.
  void close();
  /// The state that a question sees which is asked now, or an earlier one. Any thread.
  IndexState state() const { return {directory_number_.load(), version_.load()}; }
  bool in_use() const { return in_use_.load(std::memory_order_acquire); }

  /// Held by whoever changes the index in use. What was committed is then seen by every read that
  /// begins afterwards. Not for who is asking a question.
  class Change {
   public:
    explicit Change(Readers& readers) : readers_(readers), turn_(readers.changes_) {
      readers_.begun_.fetch_add(1);
    }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ~Change() { readers_.version_.store(readers_.begun_.load()); }

   private:
    Readers& readers_;
    const std::lock_guard<std::mutex> turn_;
  };

  /// Calls `question` with a database that is this thread's for the time of the call, and again if
  /// the index changed too much in the meantime; after some tries, changes wait for it. Throws
  /// Error unavailable if there is no index in use, and Xapian::RuntimeError if it is damaged or
  /// cannot be opened.
  template <class Question>
  auto ask(Question&& question) {
    for (int tries = 1;; ++tries) {
      std::unique_lock undisturbed(changes_, std::defer_lock);
      if (tries > most_tries_beside_changes) undisturbed.lock();
      Lease lease(*this);
      try {
        auto answer = question(lease.database());
        if (!lease.is_overtaken()) return answer;
      } catch (const Xapian::RuntimeError&) {
        // What a reader finds in blocks that were written over since it was opened looks like
        // damage, too. Only what an up-to-date one finds is.
        const bool behind = lease.is_behind();
        lease.drop();
        if (!behind) throw;
      }
    }
  }

 private:
  static constexpr int most_tries_beside_changes = 4;

  struct Reader {
    std::uint64_t version;
    std::uint64_t directory_number;
    Xapian::Database database;
  };

  // A reader that is taken out of the pool, brought up to date when its database is asked for.
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), reader_(readers.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (reader_) readers_.put_back(std::move(reader_));
    }

    const Xapian::Database& database() {
      readers_.bring_up_to_date(reader_);
      return reader_->database;
    }
    void drop() { reader_.reset(); }
    bool is_behind() const {
      return reader_->directory_number != readers_.directory_number_.load() ||
             reader_->version != readers_.begun_.load();
    }
    bool is_overtaken() const { return readers_.begun_.load() > reader_->version + 1; }

   private:
    Readers& readers_;
    std::unique_ptr<Reader> reader_;
  };

  std::unique_ptr<Reader> take();
  void put_back(std::unique_ptr<Reader> reader);
  void bring_up_to_date(std::unique_ptr<Reader>& reader);

  std::atomic<bool> in_use_{false};
  std::atomic<std::uint64_t> begun_{0};    // changes
  std::atomic<std::uint64_t> version_{0};  // changes that have ended
  std::mutex changes_;
  std::atomic<std::uint64_t> directory_number_{0};
  std::mutex mutex_;
  std::filesystem::path directory_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace killrvideo::xapian_engine
