#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <limits>

#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/reindex.hpp"
#include "generate/fill.hpp"

namespace killrvideo::cli {
namespace {

// What a video has of each on average, unless the command line says another total.
constexpr std::uint64_t comments_per_video = 10;
constexpr std::uint64_t ratings_per_video = 5;
constexpr std::uint64_t plays_per_video = 20;

std::uint64_t size(const Arguments& arguments, std::string_view name, std::uint64_t otherwise) {
  const auto* given = arguments.find<std::int64_t>(name);
  return given ? static_cast<std::uint64_t>(*given) : otherwise;
}

generate::Sizes sizes(const Arguments& arguments) {
  generate::Sizes sizes;
  sizes.users = size(arguments, "users", 0);
  sizes.videos = size(arguments, "videos", 0);
  const auto pairs = sizes.users * sizes.videos;
  sizes.comments = size(arguments, "comments", sizes.videos * comments_per_video);
  sizes.ratings = size(arguments, "ratings", std::min(sizes.videos * ratings_per_video, pairs));
  sizes.plays = size(arguments, "plays", sizes.videos * plays_per_video);
  return sizes;
}

void check(const generate::Sizes& sizes) {
  if (sizes.videos > 0 && sizes.users == 0)
    throw Exit(ExitCode::usage, "--videos needs --users: somebody must have uploaded them");
  if (sizes.videos == 0 && sizes.comments + sizes.ratings + sizes.plays > 0)
    throw Exit(ExitCode::usage, "--comments, --ratings and --plays need --videos");
  if (sizes.ratings > sizes.users * sizes.videos)
    throw Exit(ExitCode::usage,
               fmt::format("--ratings can be {} at most: {} users rate {} videos once each",
                           sizes.users * sizes.videos, sizes.users, sizes.videos));
}

ExitCode run_generate(const Config& config, const Arguments& arguments) {
  const auto wanted = sizes(arguments);
  check(wanted);
  const auto seed = static_cast<std::uint64_t>(arguments.get<std::int64_t>("seed"));
  const generate::World world(wanted, seed);
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
  Progress progress;
  or_exit(ExitCode::data_unusable, [&] {
    begin_bulk_write(*store);
    generate::fill(*store, world, batches_in_flight(config), progress.listener());
    end_bulk_write(config, *store, progress);
  });
  std::cout << fmt::format("generated {} users, {} videos, {} comments, {} ratings, {} plays\n",
                           wanted.users, wanted.videos, wanted.comments, wanted.ratings,
                           wanted.plays);
  return ExitCode::ok;
}

ValueKind rows(std::int64_t most) { return kinds::whole_number(0, most); }

}  // namespace

Command generate_command() {
  return {
      .name = "generate",
      .summary = "Fill the store with a synthetic catalog",
      .description =
          "Users, videos and what users do with videos, with the skew of a real site: a few videos "
          "have most of the comments, ratings and plays. The same sizes and seed give the same "
          "data on any machine and day, and can be generated again into the same directory. The "
          "data directory must not be in use. At the end its store is compacted, so that it is "
          "read quickly from the start; for that the disk needs as much room again for a while.\n\n"
          "All users have the password \"killrvideo\"; `killrvideo table users` shows their "
          "e-mail addresses.",
      .settings = store_setting_names(),
      .flags = {{.name = "users",
                 .kind = rows(10'000'000),
                 .fallback = "1000",
                 .help = "How many users there will be."},
                {.name = "videos",
                 .kind = rows(10'000'000),
                 .fallback = "10000",
                 .help = "How many videos there will be."},
                {.name = "comments",
                 .kind = rows(1'000'000'000),
                 .help = "How many comments there will be on all videos. Without it, 10 a video."},
                {.name = "ratings",
                 .kind = rows(1'000'000'000),
                 .help = "How many ratings there will be of all videos. Without it, 5 a video, or "
                         "as many as there are users to rate."},
                {.name = "plays",
                 .kind = rows(1'000'000'000),
                 .help = "How many plays there will be of all videos. Without it, 20 a video."},
                {.name = "seed",
                 .kind = kinds::whole_number(0, std::numeric_limits<std::int64_t>::max()),
                 .fallback = "1",
                 .help = "Another seed gives other data."}},
      .run = run_generate};
}

}  // namespace killrvideo::cli
