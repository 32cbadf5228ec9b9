#include "search/index_builder.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/expects.hpp"
#include "common/log.hpp"
#include "search/document.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto check_interval = 1s;
constexpr auto retry_interval = 10s;
constexpr auto patience_interval = 5ms;
constexpr auto what = "search index";

}  // namespace

IndexBuilder::IndexBuilder(storage::Store& store, SearchIndex& index, ActiveIndexes& active,
                           IndexUpdater& updater)
    : store_(store),
      index_(index),
      active_(active),
      updater_(updater),
      job_("building the search index",
           [this](const ProgressListener& listener) { rebuild_and_log(listener); }) {}

void IndexBuilder::start(std::chrono::milliseconds patience) {
  const auto active = active_.find();
  const bool open = active && index_.open(active->indexid);
  if (!open) active_.invalidate();
  updater_.start();
  checks_.emplace(check_interval, [this] { check(); });
  if (open) return;
  log::info("the search index is built from the store; until then searches are refused",
            {{"reason", active ? "the active one cannot be used here" : "there is none"}});
  rebuild();
  const auto end = Clock::now() + patience;
  while (progress().running && Clock::now() < end) std::this_thread::sleep_for(patience_interval);
}

void IndexBuilder::rebuild_now(const ProgressListener& listener) {
  expects(!checks_, "start() was not called");
  build_until_active(listener);
}

void IndexBuilder::build_until_active(const ProgressListener& listener) {
  while (!build(listener))
    log::info("the search index is rebuilt, as videos were written meanwhile");
}

void IndexBuilder::rebuild_and_log(const ProgressListener& listener) {
  const auto began = Clock::now();
  build_until_active(listener);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
  log::info("the search index is built", {{"videos", index_.size()}, {"ms", took.count()}});
}

void IndexBuilder::rebuild_if_inactive() try {
  const bool inactive = index_.is_open() && !progress().running && !active_.find();
  if (inactive && was_inactive_) {
    log::info("the search index is rebuilt, as it may be incomplete");
    rebuild();
  }
  was_inactive_ = inactive;
} catch (const std::exception& error) {
  log::warn("cannot tell whether the search index is complete", {{"error", error.what()}});
}

// Building -----------------------------------------------------------------------------------

// Returns false if the index must not be activated.
bool IndexBuilder::build(const ProgressListener& listener) {
  const auto id = Uuid::random();
  updater_.record();
  try {
    active_.begin(id);
    auto build = index_.build(id);
    add_all(*build, listener);
    build->finish();
    return take_over(std::move(build), id);
  } catch (...) {
    updater_.stop_recording();
    try {
      active_.cancel(id);
    } catch (const std::exception& error) {
      log::debug("the row of a failed build stays for a day", {{"error", error.what()}});
    }
    throw;
  }
}

void IndexBuilder::add_all(IndexBuild& build, const ProgressListener& listener) {
  auto total = index_.size();
  if (total == 0) total = count_videos(listener);
  std::uint64_t done = 0;
  storage::scan_all(store_, videos, [&](const std::vector<Video>& page) {
    for (const auto& video : page) {
      try {
        build.add(indexed(video));
      } catch (const Error& error) {
        leave_out(video.videoid, error);
      }
      ++done;
      listener(what, done, std::max(done + 1, total));
    }
  });
  listener(what, done, done);
}

std::uint64_t IndexBuilder::count_videos(const ProgressListener& listener) {
  std::uint64_t count = 0;
  storage::scan_all(store_, videos, [&](const std::vector<Video>& page) {
    listener(what, 0, 0);  // throws if the program ends
    count += page.size();
  });
  return count;
}

bool IndexBuilder::take_over(std::unique_ptr<IndexBuild> build, const Uuid& id) {
  bool active = false;
  updater_.hand_over(*build, [&] {
    active = active_.activate(id);
    if (!active) return;
    build->keep();
    build.reset();
    if (!index_.open(id)) throw Error(Code::internal, "the index that was built cannot be opened");
  });
  return active;
}

// Damage and failures ------------------------------------------------------------------------

void IndexBuilder::check() {
  if (index_.broken()) return give_up_damaged();
  const auto now = Clock::now();
  if (index_.is_open() || progress().running) {
    next_retry_ = now + retry_interval;
  } else if (now >= next_retry_) {
    rebuild();
  }
}

// In this order: refreshes do not reach an index that is closed, so it must not be active after a
// restart.
void IndexBuilder::give_up_damaged() try {
  updater_.exclusively([&] {
    active_.invalidate();
    index_.close();
  });
  rebuild();
} catch (const std::exception& error) {
  log::warn("the damaged search index cannot be given up yet", {{"error", error.what()}});
}

}  // namespace killrvideo
