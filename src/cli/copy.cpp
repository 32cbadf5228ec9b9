#include "storage/copy.hpp"

#include <fmt/format.h>

#include <iostream>

#include "app/copy_checkpoint.hpp"
#include "app/schema.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "catalog/latest_days.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"

namespace killrvideo::cli {
namespace {

using storage::TableInfo;
using storage::TableSum;
using Sums = std::map<std::string, TableSum>;

StoreEngine engine_given(const Arguments& arguments, std::string_view flag) {
  const auto* name = arguments.find<std::string>(flag);
  if (name == nullptr)
    throw Exit(ExitCode::usage, fmt::format("--{} is missing: rocksdb or cassandra", flag));
  return *name == to_string(StoreEngine::cassandra) ? StoreEngine::cassandra : StoreEngine::rocksdb;
}

std::unique_ptr<storage::Store> open(Config config, StoreEngine engine) {
  config.store = engine;
  return or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
}

ProgressListener shown(Progress& progress, std::string doing) {
  return [&progress, doing = std::move(doing)](std::string_view table, std::uint64_t done,
                                               std::uint64_t total) {
    progress.show(fmt::format("{} {}", doing, table), done, total);
  };
}

Sums sum_up(storage::Store& store, const Sums& expected, const ProgressListener& progress) {
  Sums sums;
  for (const TableInfo* table : storage::tables_to_copy(schema())) {
    const auto known = expected.find(table->name);
    const std::uint64_t rows = known == expected.end() ? 0 : known->second.rows;
    sums[table->name] = storage::sum_up(store, *table, rows, progress);
  }
  return sums;
}

void copy_tables(storage::Store& from, storage::Store& to, const Sums& expected,
                 CopyCheckpoint& checkpoint, const ProgressListener& progress) {
  for (const TableInfo* table : storage::tables_to_copy(schema())) {
    if (checkpoint.is_done(table->name)) continue;
    storage::copy_table(
        from, to, *table, checkpoint.position(table->name), expected.at(table->name).rows, progress,
        [&](const storage::CopyPosition& position) { checkpoint.reached(table->name, position); });
    checkpoint.done(table->name);
  }
}

// Tells what was copied; throws if the stores differ.
void compare(const Sums& source, const Sums& target) {
  std::string different;
  for (const auto& [table, sum] : source) {
    const TableSum& copied = target.at(table);
    const bool same = copied == sum;
    std::cout << fmt::format("{:<26} {:>10} rows  {}\n", table, sum.rows,
                             same ? "verified" : "DIFFERENT");
    if (same) continue;
    different += fmt::format("{}{} ({} rows, {} in the copy)", different.empty() ? "" : ", ", table,
                             sum.rows, copied.rows);
  }
  std::cout.flush();
  if (!different.empty())
    throw Exit(ExitCode::failed,
               "the copy differs in " + different +
                   ": the target had rows of its own, or somebody wrote meanwhile");
}

ExitCode run_copy(const Config& config, const Arguments& arguments) {
  const StoreEngine from_engine = engine_given(arguments, "from");
  const StoreEngine to_engine = engine_given(arguments, "to");
  if (from_engine == to_engine) throw Exit(ExitCode::usage, "--from and --to name the same store");
  auto from = open(config, from_engine);
  auto to = open(config, to_engine);
  CopyCheckpoint checkpoint(config, from_engine, to_engine);
  if (checkpoint.resumes()) std::cerr << "going on with the copy that was cut off\n";
  Sums source, target;
  {
    Progress progress;
    killrvideo::run(list_all_days(*from));  // those that other tools have written, too
    source = sum_up(*from, {}, shown(progress, "counting"));
    copy_tables(*from, *to, source, checkpoint, shown(progress, "copying"));
    to->engine().compact();
    target = sum_up(*to, source, shown(progress, "verifying"));
  }
  checkpoint.remove();
  compare(source, target);
  return ExitCode::ok;
}

}  // namespace

Command copy_command() {
  const ValueKind engine =
      kinds::one_of({to_string(StoreEngine::rocksdb), to_string(StoreEngine::cassandra)});
  return {
      .name = "copy",
      .summary = "Copy everything from one store to the other",
      .description =
          "Copies all tables between the store in the data directory and the one on Cassandra, "
          "then reads both and compares numbers of rows and checksums. A copy that was cut off "
          "goes on where it was: that is kept in the data directory. Counters are copied as "
          "totals; claims, which live for seconds, are not copied. Neither store may be written to "
          "meanwhile.",
      .settings = store_setting_names(),
      .flags = {{.name = "from", .kind = engine, .help = "The store to copy."},
                {.name = "to", .kind = engine, .help = "The store to copy to."}},
      .run = run_copy};
}

}  // namespace killrvideo::cli
