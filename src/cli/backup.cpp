#include "app/backup.hpp"

#include <iostream>

#include "cli/commands.hpp"
#include "cli/running_server.hpp"
#include "http/client.hpp"

namespace killrvideo::cli {
namespace {

namespace fs = std::filesystem;

void by_ourselves(const Config& config, const fs::path& target) try {
  killrvideo::backup(config, target);
} catch (const Error& error) {
  if (error.code() == Code::invalid_argument) throw;
  throw Exit(ExitCode::data_unusable, error.what());
}

// As a server, which works in another directory, understands it; without a slash at the end, which
// would leave the directory without a name.
fs::path absolute_target(const fs::path& given) try {
  auto path = fs::weakly_canonical(fs::absolute(given));
  return path.has_filename() ? path : path.parent_path();
} catch (const fs::filesystem_error& error) {
  throw Exit(ExitCode::failed,
             "TARGET: cannot look at " + given.string() + ": " + error.code().message());
}

ExitCode run_backup(const Config& config, const Arguments& arguments) {
  const fs::path target = absolute_target(arguments.get<fs::path>("TARGET"));
  if (!ask_running_server(config, "POST", "/backup?target=" + http::query_value(target.string())))
    by_ourselves(config, target);
  std::cout << "backup written to " << target.string() << "\n";
  return ExitCode::ok;
}

ExitCode run_restore(const Config& config, const Arguments& arguments) {
  or_exit(ExitCode::data_unusable,
          [&] { killrvideo::restore(arguments.get<fs::path>("BACKUP"), config); });
  std::cout << "restored into " << config.data_dir.string() << "\n";
  return ExitCode::ok;
}

}  // namespace

Command backup_command() {
  return {.name = "backup",
          .summary = "Copy the store, also while a server is running on it",
          .description =
              "A running server makes the copy itself, of one moment and without "
              "stopping; it is asked through a socket in the data directory.",
          .settings = {"config", "data-dir", "log-level"},
          .positionals = {{.name = "TARGET",
                           .kind = kinds::directory(),
                           .help = "The directory to make; it must not exist."}},
          .run = run_backup};
}

Command restore_command() {
  return {.name = "restore",
          .summary = "Check a backup and make it the data of a new data directory",
          .settings = {"config", "data-dir", "log-level"},
          .positionals = {{.name = "BACKUP",
                           .kind = kinds::directory(),
                           .help = "A directory that backup has made."}},
          .run = run_restore};
}

}  // namespace killrvideo::cli
