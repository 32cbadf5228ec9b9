// The updater and the builder over a store, with an index that only keeps ids and does what a test
// tells it to.
#include "search/index_builder.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <set>
#include <thread>

#include "common/clock.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;

using namespace std::chrono_literals;

struct ByBytes {
  bool operator()(const VideoId& a, const VideoId& b) const { return a.bytes < b.bytes; }
};
using Ids = std::set<VideoId, ByBytes>;

class ScriptedIndex : public SearchIndex {
 public:
  // Refused, as a word that is too long is.
  std::optional<VideoId> refused;

  // As of one on a server, which does not answer then.
  std::atomic<bool> remote = false, away = false;

  // Called before a build adds a video.
  std::function<void()> before_add = [] {};

  // While it is held, nothing is applied.
  void hold(bool held) {
    std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void wait_until_one_is_held() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_; });
  }

  Ids videos() const {
    std::lock_guard lock(mutex_);
    return videos_;
  }
  // Of each apply().
  std::vector<std::size_t> groups() const {
    std::lock_guard lock(mutex_);
    return groups_;
  }

  bool open(const Uuid&) override { return open_ = true; }
  void close() override { open_ = false; }
  bool broken() const override { return false; }
  bool is_remote() const override { return remote; }
  std::string why_unavailable() const override { return away ? "is away" : ""; }
  bool is_open() const override { return open_; }
  std::uint64_t size() const override { return videos().size(); }

  std::unique_ptr<IndexBuild> build(const Uuid&) override {
    class Build : public IndexBuild {
     public:
      explicit Build(ScriptedIndex& index) : index_(index) {}
      void add(const IndexedVideo& video) override {
        index_.before_add();
        index_.change({{video}, {}});
      }
      void finish() override {}
      void apply(const IndexChanges& changes) override { index_.change(changes); }
      void keep() override {}

     private:
      ScriptedIndex& index_;
    };
    return std::make_unique<Build>(*this);
  }

  void apply(const IndexChanges& changes, std::span<const Uuid>) override {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    waiting_ = false;
    lock.unlock();
    if (away) throw Error(Code::unavailable, why_unavailable());
    change(changes);
  }

  Task<SearchHits> search(const Context&, const std::vector<std::string>&, const SearchFrom&,
                          std::size_t) override {
    co_return SearchHits{};
  }
  Task<std::vector<Completion>> completions(const Context&, const std::string&,
                                            const std::optional<CompletionWord>&,
                                            std::size_t) override {
    co_return std::vector<Completion>{};
  }
  Task<std::vector<IndexEntry>> videos_with(const Context&, const CompletionWord&,
                                            std::size_t) override {
    co_return std::vector<IndexEntry>{};
  }
  Task<std::vector<std::optional<IndexEntry>>> entries(const Context&,
                                                       std::span<const VideoId> ids) override {
    co_return std::vector<std::optional<IndexEntry>>(ids.size());
  }

 private:
  void change(const IndexChanges& changes) {
    std::lock_guard lock(mutex_);
    for (const auto& video : changes.present)
      if (video.id == refused) throw Error(Code::internal, "refused");
    groups_.push_back(changes.present.size() + changes.absent.size());
    for (const auto& video : changes.present) videos_.insert(video.id);
    for (const auto& id : changes.absent) videos_.erase(id);
  }

  std::atomic<bool> open_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool waiting_ = false;
  Ids videos_;
  std::vector<std::size_t> groups_;
};

class IndexUpdaterTest : public testing::Test {
 protected:
  VideoId write(const std::string& name) {
    Video video{};
    video.videoid = VideoId(Uuid::random());
    video.name = name;
    video.added_date = now();
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit(context_, std::move(batch)));
    return video.videoid;
  }

  void start() {
    updater_.emplace(*store_, index_, active_, metrics_);
    builder_.emplace(*store_, index_, active_, *updater_);
    builder_->start(60s);
  }

  void stop() {
    builder_.reset();
    updater_.reset();
  }

  bool is_indexed_in_time(VideoId id) const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!index_.videos().contains(id) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(10ms);
    return index_.videos().contains(id);
  }

  const Context context_;
  storage::TemporaryStore store_;
  ScriptedIndex index_;
  ActiveIndexes active_{*store_, embedded_index};
  SearchMetrics metrics_;
  std::optional<IndexUpdater> updater_;
  std::optional<IndexBuilder> builder_;
};

TEST_F(IndexUpdaterTest, AVideoThatCannotBeIndexedKeepsNoOtherOutOfANewIndex) {
  for (int i = 0; i < 20; ++i) write("zebra");
  const auto bad = write("bad");
  for (int i = 0; i < 20; ++i) write("zebra");
  index_.refused = bad;
  start();
  EXPECT_EQ(builder_->progress().failure, "");
  EXPECT_TRUE(index_.is_open());
  EXPECT_THAT(index_.videos(), SizeIs(40));
  EXPECT_THAT(index_.videos(), Not(Contains(bad)));
}

TEST_F(IndexUpdaterTest, WhoImportsWhileABuildRunsWaitsForABuildThatHasEverything) {
  write("zebra");
  std::optional<VideoId> imported;
  index_.before_add = [&] {
    if (imported) return;
    imported = write("lion");
    invalidate_all_indexes(*store_);
    builder_->rebuild();
  };
  start();
  EXPECT_FALSE(builder_->progress().running);
  EXPECT_EQ(builder_->progress().failure, "");
  EXPECT_THAT(index_.videos(), Contains(*imported));
  EXPECT_TRUE(active_.find());
}

TEST_F(IndexUpdaterTest, AVideoThatCannotBeIndexedIsInNoOthersWay) {
  start();
  const auto bad = write("bad");
  const auto good = write("good");
  index_.refused = bad;
  updater_->refresh_now(std::vector{good, bad, write("zebra")});
  EXPECT_THAT(index_.videos(), SizeIs(2));
  EXPECT_THROW(run(updater_->refresh(context_, bad)), Error);
  EXPECT_NO_THROW(run(updater_->refresh(context_, good)));
}

TEST_F(IndexUpdaterTest, StaleEntriesThatAreMetAgainAndAgainKeepOutNoEvent) {
  start();
  index_.hold(true);
  std::jthread first([&] { run(updater_->refresh(context_, write("first"))); });
  index_.wait_until_one_is_held();
  std::vector<VideoId> stale(500);
  for (auto& id : stale) id = VideoId(Uuid::random());
  for (int i = 0; i < 100; ++i) updater_->refresh_soon(stale);
  const auto id = write("zebra");
  std::jthread second([&] { EXPECT_NO_THROW(run(updater_->refresh(context_, id))); });
  while (metrics_.waiting < stale.size() + 2) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(metrics_.waiting, stale.size() + 2);  // each of them once, and two events
  index_.hold(false);
  second.join();
  EXPECT_THAT(index_.videos(), Contains(id));
  EXPECT_EQ(index_.groups().at(1), 1u);  // the event came before any stale entry
  while (metrics_.waiting > 0) std::this_thread::sleep_for(1ms);
}

TEST_F(IndexUpdaterTest, WhatCouldNotBeIndexedIsIndexedWhenTheServerIsBack) {
  index_.remote = true;
  start();
  index_.away = true;
  const auto id = write("zebra");
  run(updater_->refresh(context_, id));
  EXPECT_THAT(index_.videos(), Not(Contains(id)));
  EXPECT_THAT(store_.rows(search_retry_queue), SizeIs(1));
  index_.away = false;
  EXPECT_TRUE(is_indexed_in_time(id));
  stop();
  EXPECT_THAT(store_.rows(search_retry_queue), IsEmpty());
}

TEST_F(IndexUpdaterTest, WhatAProcessThatIsGoneCouldNotIndexAnotherOneIndexes) {
  index_.remote = true;
  start();
  index_.away = true;
  std::vector<VideoId> ids;
  for (int i = 0; i < 1'200; ++i) ids.push_back(write("zebra"));
  updater_->refresh_now(ids);
  stop();
  EXPECT_THAT(store_.rows(search_retry_queue), SizeIs(ids.size()));
  index_.away = false;
  start();
  for (const auto& id : ids) EXPECT_TRUE(is_indexed_in_time(id));
  EXPECT_THAT(index_.groups(), Each(Le(500U)));
}

}  // namespace
}  // namespace killrvideo
