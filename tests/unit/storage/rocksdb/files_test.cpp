// What damaged, missing and locked files do: an error and nothing else. Never a store that lacks
// rows.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <thread>

#include "storage/rocksdb/engine.hpp"
#include "storage/sample_tables.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

namespace fs = std::filesystem;
using namespace samples;
using ::testing::HasSubstr;
using ::testing::Not;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// Names and contents.
std::map<std::string, std::string> listing(const fs::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory))
    files[entry.path().filename()] = read_file(entry.path());
  return files;
}

Account account_of(int i) {
  Account account{{}, i, "owner of " + std::to_string(i)};
  account.id.bytes[14] = static_cast<std::uint8_t>(i >> 8);
  account.id.bytes[15] = static_cast<std::uint8_t>(i);
  return account;
}

void write_accounts(Store& store, int begin, int end) {
  for (int i = begin; i < end; ++i)
    run(store.commit({}, Batch().insert(accounts, account_of(i)).add(tallies, {{}, {1}, {}})));
}

/// How many of the accounts below `end` are there; they must be as they were written.
int count_accounts(Store& store, int end) {
  int count = 0;
  for (int i = 0; i < end; ++i) {
    auto row = run(store.get({}, accounts, {account_of(i).id}));
    if (!row) continue;
    EXPECT_EQ(row, account_of(i));
    ++count;
  }
  return count;
}

std::unique_ptr<Store> open(const fs::path& directory) { return open_store(directory, schema, {}); }

template <class Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("no error");
}

constexpr int row_count = 60;

/// Stores as a crash leaves them: copied while they were open.
class RocksFiles : public ::testing::TestWithParam<std::string> {
 protected:
  /// "new": all rows are in the log of the first start. "grown": some are in files, some in the
  /// log.
  RocksFiles() {
    fs::path directory = parent_.path() / "running";
    if (GetParam() == "grown")
      for (int i = 0; i < 2; ++i) write_accounts(*open(directory), 20 * i, 20 * i + 20);
    auto store = open(directory);
    write_accounts(*store, GetParam() == "grown" ? 40 : 0, row_count);
    fs::copy(directory, image_);
  }

  /// The image's files whose names contain `part`; the log only if it has rows.
  std::vector<std::string> files(const std::string& part) const {
    std::vector<std::string> names;
    for (const auto& [name, content] : listing(image_))
      if (name.contains(part) && !content.empty()) names.push_back(name);
    return names;
  }

  std::string content(const std::string& name) const { return read_file(image_ / name); }

  /// Opens a copy of the image after `damage(copy)`. Returns the error, or nothing if all rows are
  /// there; with an error all files must be as they were.
  template <class Damage>
  std::optional<Error> open_damaged(Damage damage) {
    fs::path copy = parent_.path() / "damaged";
    fs::remove_all(copy);
    fs::copy(image_, copy);
    damage(copy);
    auto before = listing(copy);
    try {
      EXPECT_EQ(count_accounts(*open(copy), row_count), row_count);
      return std::nullopt;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::failed_precondition);
      EXPECT_THAT(error.what(), HasSubstr("is damaged"));
      EXPECT_THAT(error.what(), Not(HasSubstr("in use")));
      EXPECT_TRUE(listing(copy) == before) << "files have changed after: " << error.what();
      return error;
    }
  }

  /// As open_damaged(), with one file's content replaced.
  std::optional<Error> open_with(const std::string& name, const std::string& changed) {
    return open_damaged([&](const fs::path& copy) { write_file(copy / name, changed); });
  }

  TemporaryDirectory parent_{memory_directory()};
  fs::path image_ = parent_.path() / "image";
};
INSTANTIATE_TEST_SUITE_P(Stores, RocksFiles, ::testing::Values("new", "grown"),
                         [](const auto& store) { return store.param; });

TEST_P(RocksFiles, as_a_crash_leaves_them_have_all_rows) {
  EXPECT_FALSE(open_damaged([](const fs::path&) {}));
  EXPECT_EQ(files(".log").size(), 1u);
  EXPECT_EQ(files(".sst").empty(), GetParam() == "new");
}

TEST_P(RocksFiles, that_are_missing_are_an_error) {
  for (const std::string part : {"CURRENT", "MANIFEST", ".sst", ".log"})
    for (const std::string& name : files(part))
      EXPECT_TRUE(open_damaged([&](const fs::path& copy) { fs::remove(copy / name); })) << name;
}

TEST_P(RocksFiles, that_are_cut_short_are_an_error) {
  for (const std::string part : {"CURRENT", ".sst"})
    for (const std::string& name : files(part))
      EXPECT_TRUE(open_with(name, content(name).substr(0, content(name).size() / 2))) << name;
}

TEST_P(RocksFiles, with_a_manifest_cut_short_are_an_error) {
  std::string name = files("MANIFEST").at(0);
  std::string manifest = content(name);
  for (std::size_t size = 0; size < manifest.size(); size += 3)
    EXPECT_TRUE(open_with(name, manifest.substr(0, size))) << size;
}

TEST_P(RocksFiles, without_the_record_of_what_they_hold_have_all_rows) {
  EXPECT_FALSE(open_damaged([](const fs::path& copy) { fs::remove(copy / "expected-files"); }));
  EXPECT_FALSE(open_with("expected-files", ""));
  EXPECT_FALSE(open_with("expected-files", "manifest MANIF"));
}

TEST_P(RocksFiles, with_a_flipped_bit_in_the_manifest_are_an_error_or_complete) {
  std::string name = files("MANIFEST").at(0);
  int errors = 0;
  for (std::size_t at = 0; at < content(name).size(); at += 3) {
    std::string manifest = content(name);
    manifest[at] ^= 0x10;
    errors += open_with(name, manifest).has_value();
  }
  EXPECT_GT(errors, 10);
}

TEST_P(RocksFiles, with_a_flipped_bit_in_a_row_of_the_log_are_an_error) {
  std::string name = files(".log").at(0);
  for (int i : {40, 41, 50, 58, 59}) {
    std::string log = content(name);
    auto at = log.find(*account_of(i).owner);
    ASSERT_NE(at, std::string::npos);
    log[at] ^= 1;
    EXPECT_TRUE(open_with(name, log)) << "row " << i;
  }
}

TEST_P(RocksFiles, with_a_torn_record_at_the_end_of_the_log_lack_that_record_only) {
  fs::path log = image_ / files(".log").at(0);
  fs::resize_file(log, fs::file_size(log) - 3);
  auto store = open(image_);
  EXPECT_EQ(count_accounts(*store, row_count - 1), row_count - 1);
  EXPECT_EQ(run(store->get({}, accounts, {account_of(row_count - 1).id})), std::nullopt);
  EXPECT_EQ(run(store->get({}, tallies, {{}}))->hits.value, row_count - 1);
}

class RocksDirectory : public ::testing::Test {
 protected:
  TemporaryDirectory parent_{memory_directory()};
  fs::path directory_ = parent_.path() / "some" / "where";
};

TEST_F(RocksDirectory, is_made_with_those_above_it) {
  open(directory_);
  EXPECT_TRUE(fs::is_directory(directory_));
}

TEST_F(RocksDirectory, keeps_its_rows_when_it_is_closed_and_opened_again) {
  for (int i = 0; i < 5; ++i) {
    auto store = open(directory_);
    EXPECT_EQ(count_accounts(*store, 100), 10 * i);
    write_accounts(*store, 10 * i, 10 * i + 10);
  }
}

TEST_F(RocksDirectory, that_was_closed_has_nothing_left_in_its_log) {
  write_accounts(*open(directory_), 0, 10);
  for (const auto& [name, content] : listing(directory_))
    EXPECT_FALSE(name.ends_with(".log") && content.contains("owner of")) << name;
}

TEST_F(RocksDirectory, that_was_compacted_has_one_file_of_rows_and_one_of_counters) {
  constexpr int times = 3;  // with four files RocksDB begins by itself
  for (int i = 0; i < times; ++i)
    write_accounts(*open(directory_), row_count * i, row_count * (i + 1));
  const auto tables = [&] {
    return std::ranges::count_if(fs::directory_iterator(directory_), [](const auto& entry) {
      return entry.path().extension() == ".sst";
    });
  };
  const auto before = tables();
  RocksEngine::open(directory_, schema, {})->compact();
  EXPECT_EQ(tables(), before - 2 * (times - 1));
  EXPECT_EQ(count_accounts(*open(directory_), row_count * times), row_count * times);
}

TEST_F(RocksDirectory, of_a_first_start_that_crashed_begins_again) {
  open(directory_);
  for (const auto& [name, content] : listing(directory_))
    if (name.ends_with(".sst") || name.ends_with(".log") || name == "CURRENT" ||
        name == "expected-files")
      fs::remove(directory_ / name);
  write_accounts(*open(directory_), 0, 10);
  EXPECT_EQ(count_accounts(*open(directory_), 10), 10);
}

TEST_F(RocksDirectory, that_is_a_file_is_an_error) {
  write_file(parent_.path() / "some", "text");
  EXPECT_EQ(error_of([&] { open(directory_); }).code(), Code::unavailable);
  EXPECT_EQ(error_of([&] { open(parent_.path() / "some"); }).code(), Code::unavailable);
  EXPECT_EQ(read_file(parent_.path() / "some"), "text");
}

TEST_F(RocksDirectory, is_opened_once) {
  auto store = open(directory_);
  write_accounts(*store, 0, 10);
  Error error = error_of([&] { open(directory_); });
  EXPECT_EQ(error.code(), Code::failed_precondition);
  EXPECT_THAT(error.what(), HasSubstr("in use by another"));
  write_accounts(*store, 10, 20);
  EXPECT_EQ(count_accounts(*store, 20), 20);
}

TEST_F(RocksDirectory, is_opened_by_one_process) {
  write_accounts(*open(directory_), 0, 10);
  auto before = listing(directory_);

  // The other process holds the lock and does nothing else.
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  std::string lock = directory_ / "LOCK";
  pid_t other = ::fork();
  if (other == 0) {
    int file = ::open(lock.c_str(), O_RDWR);
    struct flock whole{};
    whole.l_type = F_WRLCK;
    char done = ::fcntl(file, F_SETLK, &whole) == 0 ? 1 : 0;
    if (::write(ready[1], &done, 1) != 1) ::_exit(1);
    ::pause();
  }
  char locked = 0;
  ASSERT_EQ(::read(ready[0], &locked, 1), 1);
  ASSERT_EQ(locked, 1);
  Error error = error_of([&] { open(directory_); });
  EXPECT_EQ(error.code(), Code::failed_precondition);
  EXPECT_THAT(error.what(), HasSubstr("in use by another"));
  EXPECT_TRUE(listing(directory_) == before);
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(count_accounts(*open(directory_), 10), 10);
}

TEST_F(RocksDirectory, with_a_flipped_bit_in_a_row_says_so_to_who_reads_it) {
  write_accounts(*open(directory_), 0, 10);
  int flipped = 0;
  for (const auto& [name, content] : listing(directory_)) {
    auto at = content.find("owner of");
    if (at == std::string::npos || !name.ends_with(".sst")) continue;
    std::string changed = content;
    changed[at] ^= 1;
    write_file(directory_ / name, changed);
    ++flipped;
  }
  ASSERT_EQ(flipped, 1);
  auto store = open(directory_);
  EXPECT_EQ(error_of([&] { run(store->get({}, accounts, {account_of(3).id})); }).code(),
            Code::internal);
  EXPECT_EQ(error_of([&] { run(store->scan({}, accounts, "", 100)); }).code(), Code::internal);
  EXPECT_EQ(run(store->get({}, tallies, {{}}))->hits.value, 10);
  auto& engine = dynamic_cast<RocksEngine&>(store->engine());
  EXPECT_EQ(error_of([&] { engine.verify(); }).code(), Code::internal);
}

class RocksReader : public RocksDirectory {
 protected:
  std::unique_ptr<Store> read_only() {
    return std::make_unique<Store>(RocksEngine::open_read_only(directory_, schema));
  }
};

TEST_F(RocksReader, needs_a_store_and_makes_none) {
  EXPECT_EQ(error_of([&] { read_only(); }).code(), Code::failed_precondition);
  EXPECT_FALSE(fs::exists(directory_));
  fs::create_directories(directory_);
  EXPECT_EQ(error_of([&] { read_only(); }).code(), Code::failed_precondition);
  EXPECT_TRUE(fs::is_empty(directory_));
}

TEST_F(RocksReader, sees_what_was_committed_when_it_opened) {
  auto writer = open(directory_);
  write_accounts(*writer, 0, 10);
  auto before = listing(directory_);
  auto reader = read_only();
  EXPECT_EQ(count_accounts(*reader, 20), 10);
  EXPECT_EQ(run(reader->get({}, tallies, {{}}))->hits.value, 10);
  EXPECT_TRUE(listing(directory_) == before);
  write_accounts(*writer, 10, 20);
  EXPECT_EQ(count_accounts(*reader, 20), 10);
  EXPECT_EQ(count_accounts(*read_only(), 20), 20);
  EXPECT_EQ(count_accounts(*writer, 20), 20);
}

TEST_F(RocksReader, waits_for_files_that_are_being_exchanged) {
  write_accounts(*open(directory_), 0, 10);
  // Long after five tries without a pause, and long before the last one.
  std::jthread other([&, content = read_file(directory_ / "CURRENT")] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    write_file(directory_ / "CURRENT", content);
  });
  write_file(directory_ / "CURRENT", "");
  EXPECT_EQ(count_accounts(*read_only(), 10), 10);
}

TEST_F(RocksReader, says_what_may_be_wrong_with_what_it_cannot_read) {
  write_accounts(*open(directory_), 0, 10);
  for (const auto& [name, content] : listing(directory_))
    if (name.starts_with("MANIFEST"))
      write_file(directory_ / name, content.substr(0, content.size() / 2));
  Error error = error_of([&] { read_only(); });
  EXPECT_EQ(error.code(), Code::failed_precondition);
  EXPECT_THAT(error.what(), HasSubstr("beside a busy server, try again"));
}

TEST_F(RocksReader, writes_nothing) {
  write_accounts(*open(directory_), 0, 10);
  auto before = listing(directory_);
  auto reader = read_only();
  EXPECT_EQ(error_of([&] { write_accounts(*reader, 10, 11); }).code(), Code::failed_precondition);
  EXPECT_EQ(error_of([&] { run(reader->insert_if_absent({}, accounts, account_of(11))); }).code(),
            Code::failed_precondition);
  reader.reset();
  EXPECT_TRUE(listing(directory_) == before);
}

TEST_F(RocksReader, does_not_disturb_a_writer_nor_is_disturbed) {
  auto writer = open(directory_);
  write_accounts(*writer, 0, 10);
  for (int i = 10; i < 40; ++i) {
    write_accounts(*writer, i, i + 1);
    EXPECT_EQ(count_accounts(*read_only(), 40), i + 1);
  }
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
