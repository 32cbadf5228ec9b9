// A record of what the files of a database must at least hold, beside them in `expected-files`:
//
//   manifest MANIFEST-000123 4567     the list of files, and its length when last written
//   log 124 890                       while the database is open, and in a backup: a log of this
//                                     number or above; if it is this one, of this length at least
//
// RocksDB takes a list of files or a log that is cut short for one that a crash has torn, and a log
// that is gone for one that it needs no more; then it opens a database that lacks rows. With the
// record that is noticed. It may be behind the files, or be missing, but never ahead of them. While
// the database is open, the length of the log is 0, which says nothing: it grows with every write.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/listener.h>

#include <filesystem>
#include <mutex>
#include <string>

namespace killrvideo::storage::rocksdb_engine {

class ExpectedFiles : public rocksdb::EventListener {
 public:
  explicit ExpectedFiles(const std::filesystem::path& directory);

  /// What the files of the directory lack, in words; empty if they hold what the record tells, or
  /// there is none. Throws Error failed_precondition if they may not be read.
  std::string missing() const;

  /// Whether there is a record. Throws as missing() does.
  bool exist() const;

  /// Records the files of a database that was copied here and is not open. Throws Error
  /// unavailable.
  void copied();

  /// Records the files of the open database.
  void opened(rocksdb::DB& db) { record(db, true); }
  /// The same when nothing is in the log any more that is not in the other files.
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
