#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/reindex.hpp"
#include "common/file_status.hpp"
#include "dataset/load.hpp"

namespace killrvideo::cli {
namespace {

namespace fs = std::filesystem;

std::vector<const dataset::File*> files_in(const fs::path& directory) {
  std::vector<const dataset::File*> present;
  for (const auto& file : dataset::files()) {
    if (fs::is_regular_file(status_of(directory / file.name))) present.push_back(&file);
  }
  if (present.empty())
    throw Exit(ExitCode::usage, directory.string() +
                                    " has none of the data set's files (users.csv, videos.csv, "
                                    "comments.csv …)");
  return present;
}

void tell_what_is_left_out(const fs::path& directory) {
  for (const auto name : dataset::ignored_files())
    if (fs::exists(directory / name))
      std::cerr << name << ": left out, tags are taken from videos.csv\n";
  std::string missing;
  for (const auto& file : dataset::files())
    if (!fs::exists(directory / file.name)) missing += " " + std::string(file.name);
  if (!missing.empty()) std::cerr << "not there, skipped:" << missing << "\n";
}

dataset::Loaded load(const fs::path& path, const dataset::File& file,
                     dataset::Destination& destination, Progress& progress) {
  dataset::Listener listener;
  listener.bad_record = [&](std::uint64_t line, const std::string& reason) {
    progress.print(fmt::format("{}:{}: {}", path.string(), line, reason));
  };
  listener.progress = [&](std::uint64_t done, std::uint64_t total) {
    progress.show(file.name, done, total);
  };
  return dataset::load(path, file, destination, listener);
}

std::uint64_t import_files(const fs::path& directory, std::span<const dataset::File* const> files,
                           dataset::Destination& destination) {
  std::uint64_t bad = 0;
  std::string totals;
  {
    Progress progress;
    for (const auto* file : files) {
      const auto loaded = load(directory / file->name, *file, destination, progress);
      totals += fmt::format("{:<26} {:>9} rows", file->name, loaded.good);
      totals += loaded.bad > 0 ? fmt::format(", {} bad ones left out\n", loaded.bad) : "\n";
      bad += loaded.bad;
    }
  }
  std::cout << totals;
  return bad;
}

ExitCode run_import(const Config& config, const Arguments& arguments) {
  const auto& directory = arguments.get<fs::path>("DIR");
  const auto files = files_in(directory);
  StoreMetrics metrics;
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store(config, metrics); });
  tell_what_is_left_out(directory);
  const auto bad = or_exit(ExitCode::data_unusable, [&] {
    begin_writing_videos(*store);
    dataset::Destination destination(*store, batches_in_flight(config));
    const auto left_out = import_files(directory, files, destination);
    Progress progress;
    end_writing_videos(config, *store, progress);
    return left_out;
  });
  return bad > 0 ? ExitCode::bad_rows : ExitCode::ok;
}

}  // namespace

Command import_command() {
  return {
      .name = "import",
      .summary = "Import a data set from CSV files",
      .description =
          "Reads users.csv, user_credentials.csv, videos.csv, comments.csv and so on from a "
          "directory. Columns are known by their names in the first line; others are ignored. "
          "A bad row is left out and told with file, line and column. Counters become what the "
          "files say. An import can be repeated. A data directory must not be in use. At the end "
          "its store is compacted, so that it is read quickly from the start; for that the "
          "disk needs as much room again for a while.",
      .settings = store_setting_names(),
      .positionals = {{.name = "DIR",
                       .kind = kinds::directory(),
                       .help = "The directory with the files."}},
      .run = run_import};
}

}  // namespace killrvideo::cli
