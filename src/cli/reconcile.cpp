#include <fmt/format.h>

#include <iostream>

#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "common/time_limits.hpp"
#include "ratings/ratings.hpp"

namespace killrvideo::cli {
namespace {

ExitCode run_reconcile(const Config& config, const Arguments& arguments) {
  const auto age = arguments.get<std::chrono::seconds>("given-up-after");
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
  Ratings ratings(*store);
  Progress progress;
  const auto done = ratings.reconcile(
      Context{}, age, [&](std::size_t videos) { progress.show("videos", videos, 0); });
  std::cout << fmt::format("compared {} videos, set the totals of {} right\n", done.videos,
                           done.wrong);
  if (done.skipped > 0)
    throw Exit(ExitCode::failed,
               fmt::format("{} videos are being rated: run it again", done.skipped));
  return ExitCode::ok;
}

}  // namespace

Command reconcile_command() {
  static_assert(time_limits::ratings_abandoned_after.count() == 60);
  return {.name = "reconcile",
          .summary = "Make the totals of ratings equal to the ratings",
          .description =
              "Counts the ratings of every video and adds to its totals what they lack. On "
              "Cassandra additions can be lost or counted twice when servers fail; it can be used "
              "there while killrvideo serves.",
          .settings = store_setting_names(),
          .flags = {{.name = "given-up-after",
                     .kind = kinds::seconds(0, 86'400),
                     .fallback = "60",
                     .help = "Ratings that have been under way for this long are taken to be cut "
                             "off. Videos with others are skipped."}},
          .run = run_reconcile};
}

}  // namespace killrvideo::cli
