#include "storage/rocksdb/file_inventory.hpp"

#include <rocksdb/env.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "common/error.hpp"
#include "common/log.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace fs = std::filesystem;

struct Log {
  std::uint64_t number = 0;
  std::uintmax_t length = 0;
};

Error cannot_read(const fs::path& path, const std::string& reason) {
  return Error(Code::failed_precondition, "cannot read " + path.string() + ": " + reason);
}

// A stream without content if there is no such file. One that is there and may not be read is not
// missing.
std::ifstream open_if_there(const fs::path& path) {
  std::ifstream file(path);
  if (!file && errno != ENOENT) throw cannot_read(path, std::strerror(errno));
  return file;
}

std::string first_line(const fs::path& path) {
  std::string line;
  std::ifstream file = open_if_there(path);
  std::getline(file, line);
  return line;
}

// Logs are named by their numbers, as in 000124.log.
std::vector<Log> logs_in(const fs::path& directory) {
  std::vector<Log> logs;
  std::error_code error;
  const fs::directory_iterator entries(directory, error);
  if (error) throw cannot_read(directory, error.message());
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".log") continue;
    std::string name = entry.path().stem().string();
    Log log;
    std::from_chars(name.data(), name.data() + name.size(), log.number);
    log.length = entry.file_size(error);
    logs.push_back(log);
  }
  return logs;
}

std::string too_short(const std::string& name, std::uintmax_t found, std::uintmax_t expected) {
  return name + " has " + std::to_string(found) + " bytes instead of " + std::to_string(expected);
}

// What a directory with the logs `found` lacks of a log, in words.
std::string missing_of(const Log& expected, const std::vector<Log>& found) {
  bool later = false;
  for (const Log& log : found) {
    if (log.number == expected.number)
      return log.length < expected.length
                 ? too_short("log " + std::to_string(log.number), log.length, expected.length)
                 : std::string();
    later = later || log.number > expected.number;
  }
  return later ? std::string() : "the log is missing";
}

}  // namespace

struct FileInventory::Record {
  std::string manifest;
  std::uintmax_t length = 0;
  std::vector<Log> logs{};
};

FileInventory::FileInventory(const fs::path& directory)
    : directory_(directory), path_(directory / "expected-files") {}

bool FileInventory::exist() const { return !read().manifest.empty(); }

std::string FileInventory::missing() const {
  const Record record = read();
  if (record.manifest.empty()) return {};
  std::string current = first_line(directory_ / "CURRENT");
  if (current.empty()) return "CURRENT, which names the list of files, is missing or empty";
  // If the program died right after it, another list has replaced the recorded one.
  if (current == record.manifest) {
    std::error_code error;
    std::uintmax_t found = fs::file_size(directory_ / current, error);
    if (!error && found < record.length) return too_short(current, found, record.length);
  }
  const std::vector<Log> logs = logs_in(directory_);
  for (const Log& log : record.logs)
    if (std::string missing = missing_of(log, logs); !missing.empty()) return missing;
  return {};
}

void FileInventory::copied() {
  std::error_code error;
  Record record{.manifest = first_line(directory_ / "CURRENT")};
  record.length = fs::file_size(directory_ / record.manifest, error);
  record.logs = logs_in(directory_);
  if (error || !write(record, true))
    throw Error(Code::unavailable, "cannot write " + path_.string());
}

void FileInventory::record(rocksdb::DB& db, bool needs_log) {
  std::lock_guard lock(mutex_);
  std::vector<std::string> files;  // with a slash before each name
  std::uint64_t length = 0;
  std::unique_ptr<rocksdb::LogFile> log;
  rocksdb::Status status = db.GetLiveFiles(files, &length, false);
  if (status.ok()) status = db.GetCurrentWalFile(&log);
  const auto manifest = std::ranges::find_if(
      files, [](const std::string& file) { return file.starts_with("/MANIFEST-"); });
  if (status.ok() && manifest != files.end()) {
    Record record{.manifest = manifest->substr(1), .length = length};
    if (needs_log) record.logs.push_back({.number = log->LogNumber()});
    if (write(record, false)) return;
  }
  log::debug("cannot record the store's files; the record before stays",
             {{"path", path_.string()}});
}

FileInventory::Record FileInventory::read() const {
  std::ifstream file = open_if_there(path_);
  std::string word;
  Record record;
  if (!(file >> word >> record.manifest >> record.length) || word != "manifest") return {};
  for (Log log; file >> word >> log.number >> log.length && word == "log";)
    record.logs.push_back(log);
  return record;
}

// Replaces the previous record atomically.
bool FileInventory::write(const Record& record, bool synced) const {
  fs::path fresh = path_;
  fresh += ".new";
  std::ostringstream text;
  text << "manifest " << record.manifest << ' ' << record.length << '\n';
  for (const Log& log : record.logs) text << "log " << log.number << ' ' << log.length << '\n';
  if (!rocksdb::WriteStringToFile(rocksdb::Env::Default(), text.str(), fresh, synced).ok())
    return false;
  std::error_code error;
  fs::rename(fresh, path_, error);
  return !error;
}

}  // namespace killrvideo::storage::rocksdb_engine
