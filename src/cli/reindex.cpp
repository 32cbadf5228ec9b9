#include "cli/reindex.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "app/delivery_lease.hpp"
#include "app/job_routes.hpp"
#include "app/search_index.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "cli/running_server.hpp"
#include "search/active_indexes.hpp"
#include "suggestions/rebuild.hpp"

namespace killrvideo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 20ms;
constexpr std::size_t most_in_flight = 8;
constexpr auto left_to_a_server =
    "the recommendations will be rebuilt by the process that delivers events\n";

// What the running server answers; nothing if none is running.
std::optional<boost::json::object> ask_server(const Config& config, const std::string& method,
                                              const std::string& path) {
  const auto answer = ask_running_server(config, method, path);
  if (!answer) return std::nullopt;
  return boost::json::parse(answer->body).as_object();
}

void show(Progress& progress, const boost::json::object& state) {
  const auto total = state.at("total").to_number<std::uint64_t>();
  if (const auto& what = state.at("what").as_string(); !what.empty() && total > 0)
    progress.show(what, state.at("done").to_number<std::uint64_t>(), total);
}

// Has the running server do it; returns whether there is one.
bool by_server(const Config& config, const std::string& path, Progress& progress) {
  auto state = ask_server(config, "POST", path);
  if (!state) return false;
  while (state->at("running").as_bool()) {
    show(progress, *state);
    std::this_thread::sleep_for(look_interval);
    state = ask_server(config, "GET", path);
    if (!state) throw Exit(ExitCode::failed, "the running server ended before it was done");
  }
  const auto& failure = state->at("failure").as_string();
  if (!failure.empty()) throw Exit(ExitCode::failed, std::string(failure));
  show(progress, *state);
  return true;
}

// Rebuilds the recommendations in this process, or returns false: then another process delivers
// events on the same store and will make them.
bool rebuild_recommendations(const Config& config, storage::Store& store, Progress& progress) {
  // Whoever delivers events makes them if this one cannot, or does not come to the end.
  killrvideo::run(ask_for_rebuild(store));
  TagIndex tags(store);
  try {
    while_nobody_delivers(store, progress.listener(), [&](const ProgressListener& listener) {
      rebuild_suggestions(store, tags, {batches_in_flight(config), store.engine().traits().shared},
                          listener);
    });
  } catch (const Error& error) {
    if (error.code() != Code::failed_precondition) throw;
    return false;
  }
  return true;
}

ExitCode run_reindex(const Config& config, const Arguments& arguments) {
  const bool recommendations = arguments.get<bool>("recommendations");
  bool here = true;
  {
    Progress progress;
    if (!by_server(config, recommendations ? reindex_recommendations_path : reindex_path,
                   progress)) {
      auto store = or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
      if (recommendations) {
        here = rebuild_recommendations(config, *store, progress);
      } else {
        reindex(config, *store, progress);
      }
    }
  }
  if (!recommendations) {
    std::cout << "the search index is rebuilt\n";
  } else {
    std::cout << (here ? "the recommendations are rebuilt\n" : left_to_a_server);
  }
  return ExitCode::ok;
}

}  // namespace

std::size_t batches_in_flight(const Config& config) {
  return std::min(most_in_flight, config.write_queue);
}

void begin_bulk_write(storage::Store& store) {
  killrvideo::run(ask_for_rebuild(store));
  invalidate_all_indexes(store);
}

void end_bulk_write(const Config& config, storage::Store& store, Progress& progress) {
  invalidate_all_indexes(store);
  reindex(config, store, progress);
  rebuild_recommendations(config, store, progress);
  progress.show("compaction", 0, 1);
  store.engine().compact();
  progress.show("compaction", 1, 1);
}

void reindex(const Config& config, storage::Store& store, Progress& progress) {
  if (by_server(config, reindex_path, progress)) return;
  build_search_index(store, config, progress.listener());
}

Command reindex_command() {
  return {
      .name = "reindex",
      .summary = "Rebuild the search index or the recommendations from the store",
      .description =
          "A running server does it itself, and goes on answering from what it has until the "
          "new one is complete; it is asked through a socket in the data directory. Needed "
          "after other tools have changed videos or ratings, and if something is suspected to "
          "be missing. Where several processes share a store, the recommendations are rebuilt "
          "by the one that delivers events, some seconds after it was asked; if none does, here "
          "and at once.",
      .settings = store_setting_names(),
      .flags = {{.name = "recommendations",
                 .kind = kinds::on_or_off(),
                 .fallback = "off",
                 .help = "Not the search index, but the recommendations: from the ratings and "
                         "the tags of all videos."}},
      .run = run_reindex};
}

}  // namespace killrvideo::cli
