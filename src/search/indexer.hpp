// Keeps the search index what the videos table says.
//
// There is one operation, refresh: look at a video's row and make the index agree, whether the
// video is new, changed or gone. It can be repeated, and come in any order, without doing harm: so
// events that are delivered twice, and hits that turn out to be leftovers, need nothing else.
// Refreshes gather while the one before is committed, and then share a commit.
//
// An index that is not there, damaged or not the one that the store names is built anew from all
// rows, in a thread of its own, while the old one, if there is one, goes on being asked and
// refreshed. What is refreshed meanwhile is refreshed in the new one too, before it takes over.
//
// An index on a server that is away misses refreshes. They count as done, so that they are in
// nobody's way, when they are in the store (search/missed.hpp): from there this process, or another
// one that keeps the same index, brings them in when the server is back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "catalog/tables.hpp"
#include "common/background_job.hpp"
#include "search/in_force.hpp"
#include "search/index.hpp"
#include "search/metrics.hpp"
#include "search/missed.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class Indexer {
 public:
  /// Uses, but does not own, all of them. `kind` is that of the index.
  Indexer(storage::Store& store, SearchIndex& index, IndexInForce& in_force,
          std::string_view kind = embedded_index)
      : store_(store), index_(index), in_force_(in_force), missed_(store, kind) {}
  /// Ends a rebuild that is under way; refreshes that wait are carried out.
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  /// Opens the index that the store says is in force, or begins to build one: then it waits for
  /// that up to `patience`, so that a small store is never seen without an index. Called once,
  /// before anything else.
  void start(std::chrono::milliseconds patience);

  /// Makes the index agree with the video's row; on disk, and seen by every search, when it
  /// returns. While there is no index, it returns at once: the one that is being built will agree.
  /// Throws Error: resource_exhausted if too many wait, and those of the store and the index. The
  /// calling coroutine goes on in the indexer's thread and must not block it.
  Task<void> refresh(const Context& context, VideoId id);

  /// The same for several, in this thread. One that cannot be indexed is logged and left out.
  void refresh_now(std::span<const VideoId> ids);

  /// The same some time soon, when no refresh() waits, or not at all if too many of these wait: for
  /// what was met by chance.
  void refresh_soon(std::span<const VideoId> ids);

  /// Begins to build a new index if the store names none in force, as after videos were written
  /// without events, and nobody here is about to change that. For an index that processes share.
  void complete();

  /// Begins to build a new index, unless one is being built. Any thread.
  void rebuild();
  /// How far it is; the total is an estimate until it is done.
  JobProgress progress() const;

  /// What is counted of this index, here and by those who ask it.
  const std::shared_ptr<SearchMetrics>& metrics() const { return metrics_; }

  /// Told how many of how many videos are done, for each of them.
  using Listener = std::function<void(std::uint64_t done, std::uint64_t total)>;

  /// Builds an index and puts it in force, in this thread. For commands; REQUIRES: start() was not
  /// called.
  void rebuild_now(const Listener& listener);

 private:
  struct ByBytes {
    bool operator()(const VideoId& a, const VideoId& b) const { return a.bytes < b.bytes; }
  };
  struct Waiting {
    VideoId id;
    std::move_only_function<void(std::exception_ptr)> done;  // may be empty
  };

  void enqueue(Waiting waiting);
  void refresh_loop();
  std::vector<Waiting> take_waiting();
  std::vector<VideoId> take_leftovers();
  void count_waiting() { metrics_->waiting = waiting_.size() + leftovers_.size(); }
  void refresh_group(std::vector<Waiting> group);
  void refresh_leftovers(std::span<const VideoId> ids);
  void make_agree(std::span<const VideoId> ids);
  IndexChanges changes_for(std::span<const VideoId> ids);
  void miss(std::span<const VideoId> ids);
  void catch_up();
  void abandon();
  void tell_size() { metrics_->videos = index_.size(); }
  void tell_state();

  void build_loop(const std::stop_token& stop);
  std::string try_to_build(const std::stop_token& stop);
  void build(const std::stop_token& stop, const Listener& listener);
  void add_all(IndexBuild& build, const std::stop_token& stop, const Listener& listener);
  std::uint64_t count_videos(const std::stop_token& stop);
  void each_page(const std::stop_token& stop,
                 const std::function<void(const std::vector<Video>&)>& visit);
  void take_over(std::unique_ptr<IndexBuild> build, const Uuid& id);

  storage::Store& store_;
  SearchIndex& index_;
  IndexInForce& in_force_;
  MissedVideos missed_;
  const Context context_{};
  const std::shared_ptr<SearchMetrics> metrics_ = std::make_shared<SearchMetrics>();

  // Held by whoever changes the index or says which one is in force.
  std::mutex changing_;
  bool building_ = false;
  std::vector<VideoId> refreshed_;  // since the build began
  bool was_incomplete_ = false;     // when complete() looked last

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  std::set<VideoId, ByBytes> leftovers_;
  bool ending_ = false;

  mutable std::mutex progress_mutex_;
  std::condition_variable_any progress_changed_;
  bool rebuild_wanted_ = false;
  JobProgress progress_;
  std::string last_failure_;  // of a build

  // Of the thread that refreshes.
  std::chrono::steady_clock::time_point next_catching_up_{};

  std::jthread refresher_;
  std::jthread builder_;
};

}  // namespace killrvideo
