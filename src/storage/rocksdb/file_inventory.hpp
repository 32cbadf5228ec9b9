// RocksDB mistakes a truncated list of files or log for one that a crash has torn, and a missing
// log for one that it no longer needs; then it opens a database that lacks rows. The record reveals
// that. It may be older than the files, or missing, but never newer. While the database is open,
// the recorded length of the log is 0, which checks nothing: the log grows with every write.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <filesystem>
#include <mutex>
#include <string>

namespace killrvideo::storage::rocksdb_engine {

class FileInventory : public rocksdb::EventListener {
 public:
  explicit FileInventory(const std::filesystem::path& directory);

  /// Describes what the directory's files lack; empty if they hold what is recorded, or if there is
  /// no record. Throws Error failed_precondition if permissions forbid reading them.
  std::string missing() const;

  /// Whether there is a record. Throws as missing() does.
  bool exist() const;

  /// Records the files of a database that was copied here and is not open. Throws Error
  /// unavailable.
  void copied();

  /// Records the files of the open database.
  void opened(rocksdb::DB& db) { record(db, true); }
  /// The same, when the other files have all that the log has.
  void flushed(rocksdb::DB& db) { record(db, false); }

  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo&) override { opened(*db); }
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo&) override {
    opened(*db);
  }

 private:
  void record(rocksdb::DB& db, bool needs_log);

  struct Record;

  Record read() const;
  bool write(const Record& record, bool synced) const;

  const std::filesystem::path directory_;
  const std::filesystem::path path_;
  std::mutex mutex_;
};

}  // namespace killrvideo::storage::rocksdb_engine
