#include <fmt/format.h>
#include <fmt/ranges.h>

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

// Also what is there and can be no file of ours: that is told when it is read.
bool is_there(const fs::path& path) { return fs::exists(status_of(path)); }

std::vector<const dataset::File*> files_in(const fs::path& directory) {
  std::vector<const dataset::File*> present;
  for (const auto& file : dataset::files())
    if (is_there(directory / file.name)) present.push_back(&file);
  if (present.empty())
    throw Exit(ExitCode::usage, directory.string() +
                                    " has none of the data set's files (users.csv, videos.csv, "
                                    "comments.csv …)");
  return present;
}

void tell_what_is_left_out(const fs::path& directory) {
  for (const auto name : dataset::ignored_files())
    if (is_there(directory / name))
      std::cerr << name << ": left out, tags are taken from videos.csv\n";
  std::string missing;
  for (const auto& file : dataset::files())
    if (!is_there(directory / file.name)) missing += " " + std::string(file.name);
  if (!missing.empty()) std::cerr << "not there, skipped:" << missing << "\n";
}

// The rows of a file, and whether all of them came in.
struct Imported {
  std::string summary;
  bool complete = false;
};

std::string_view name_of(dataset::Escape escape) {
  return escape == dataset::Escape::backslash ? "backslash" : "doubled";
}

Imported outcome(const dataset::File& file, const dataset::Loaded& loaded) {
  auto summary =
      fmt::format("{:<26} {:>9} read, {:>9} taken, {:>9} unchanged, {:>9} refused", file.name,
                  loaded.read, loaded.taken, loaded.unchanged, loaded.refused);
  if (loaded.escape) summary += fmt::format("; escape: {}", name_of(*loaded.escape));
  if (loaded.left_out) summary += "; left out for its first line";
  return {summary + "\n", loaded.refused == 0 && !loaded.left_out};
}

Imported import_file(const fs::path& path, const dataset::File& file, storage::Store& store,
                     const dataset::Options& options, Progress& progress) {
  const dataset::Listener listener{
      .refused =
          [&](std::uint64_t line, const std::string& reason) {
            progress.print(fmt::format("{}:{}: {}", path.string(), line, reason));
          },
      .passed_over =
          [&](const std::vector<std::string>& columns) {
            progress.print(fmt::format("{}: columns that are passed over: {}", path.string(),
                                       fmt::join(columns, ", ")));
          },
      .progress = [&](std::uint64_t done,
                      std::uint64_t total) { progress.show(file.name, done, total); }};
  try {
    return outcome(file, dataset::load(path, file, store, options, listener));
  } catch (const dataset::UnreadableFile& error) {
    progress.print(error.what());
    return {fmt::format("{:<26} cannot be read\n", file.name), false};
  }
}

dataset::Options options_from(const Config& config, const Arguments& arguments) {
  dataset::Options options{.header = {}, .escape = {}, .in_flight = batches_in_flight(config)};
  const auto& header = arguments.get<std::string>("header");
  if (header != "auto") options.header = header == "on";
  for (const auto escape : {dataset::Escape::doubled, dataset::Escape::backslash})
    if (arguments.get<std::string>("escape") == name_of(escape)) options.escape = escape;
  return options;
}

ExitCode run_import(const Config& config, const Arguments& arguments) {
  const auto& directory = arguments.get<fs::path>("DIR");
  const auto files = files_in(directory);
  const auto options = options_from(config, arguments);
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
  tell_what_is_left_out(directory);
  const auto complete = or_exit(ExitCode::data_unusable, [&] {
    begin_bulk_write(*store);
    Progress progress;
    std::string summary;
    bool all_complete = true;
    for (const auto* file : files) {
      const auto imported = import_file(directory / file->name, *file, *store, options, progress);
      summary += imported.summary;
      all_complete = all_complete && imported.complete;
    }
    end_bulk_write(config, *store, progress);
    std::cout << summary;
    return all_complete;
  });
  return complete ? ExitCode::ok : ExitCode::bad_rows;
}

}  // namespace

Command import_command() {
  return {
      .name = "import",
      .summary = "Import a data set from CSV files",
      .description =
          "Reads users.csv, user_credentials.csv, videos.csv, comments.csv and so on from a "
          "directory: those of KillrVideo's data sets, and what cqlsh COPY TO and dsbulk unload "
          "write. Columns that no table has are passed over. A row that a call would refuse is "
          "refused, and told with file, line and column; the others go in. At the end come the "
          "numbers of rows of each file: read, taken, unchanged (the store had them) and refused. "
          "Counters become what the files say. An import can be repeated. A data directory must "
          "not be in use. At the end its store is compacted, so that it is read quickly from the "
          "start; for that the disk needs as much room again for a while.",
      .settings = store_setting_names(),
      .flags = {{.name = "header",
                 .kind = kinds::one_of({"auto", "on", "off"}),
                 .fallback = "auto",
                 .help = "Whether the first line of each file names its columns; auto: unless its "
                         "key is a value. Without names the columns are in Cassandra's order: the "
                         "key, then the others by name."},
                {.name = "escape",
                 .kind = kinds::one_of({"auto", "doubled", "backslash"}),
                 .fallback = "auto",
                 .help = "How quotes within quotes are written: doubled, or behind a backslash, "
                         "which then escapes line ends and itself, too; auto: as each file "
                         "shows."}},
      .positionals = {{.name = "DIR",
                       .kind = kinds::directory(),
                       .help = "The directory with the files."}},
      .run = run_import};
}

}  // namespace killrvideo::cli
