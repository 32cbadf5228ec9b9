// The indexer over a store, with an index that only keeps ids and does what a test tells it to.
#include "search/indexer.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
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
  std::atomic<bool> elsewhere = false, away = false;

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
  std::vector<Uuid> at_hand() const override { return {}; }
  bool broken() const override { return false; }
  bool is_elsewhere() const override { return elsewhere; }
  std::string problem() const override { return away ? "is away" : ""; }
  bool is_open() const override { return open_; }
  std::uint64_t size() const override { return videos().size(); }

  std::unique_ptr<IndexBuild> build(const Uuid&) override {
    class Build : public IndexBuild {
     public:
      explicit Build(ScriptedIndex& index) : index_(index) {}
      void add(const IndexedVideo& video) override { index_.change({{video}, {}}); }
      void finish() override {}
      void apply(const IndexChanges& changes) override { index_.change(changes); }

     private:
      ScriptedIndex& index_;
    };
    return std::make_unique<Build>(*this);
  }

  Task<void> apply(const Context&, const IndexChanges& changes) override {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    waiting_ = false;
    lock.unlock();
    if (away) throw Error(Code::unavailable, problem());
    change(changes);
    co_return;
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

class IndexerTest : public testing::Test {
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
    indexer_.emplace(*store_, index_, in_force_);
    indexer_->start(60s);
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
  OnlyIndexInForce in_force_{*store_};
  std::optional<Indexer> indexer_;
};

TEST_F(IndexerTest, AVideoThatCannotBeIndexedKeepsNoOtherOutOfANewIndex) {
  for (int i = 0; i < 20; ++i) write("zebra");
  const auto bad = write("bad");
  for (int i = 0; i < 20; ++i) write("zebra");
  index_.refused = bad;
  start();
  EXPECT_EQ(indexer_->progress().failure, "");
  EXPECT_TRUE(index_.is_open());
  EXPECT_THAT(index_.videos(), SizeIs(40));
  EXPECT_THAT(index_.videos(), Not(Contains(bad)));
}

TEST_F(IndexerTest, AVideoThatCannotBeIndexedIsInNoOthersWay) {
  start();
  const auto bad = write("bad");
  const auto good = write("good");
  index_.refused = bad;
  indexer_->refresh_now(std::vector{good, bad, write("zebra")});
  EXPECT_THAT(index_.videos(), SizeIs(2));
  EXPECT_THROW(run(indexer_->refresh(context_, bad)), Error);
  EXPECT_NO_THROW(run(indexer_->refresh(context_, good)));
}

TEST_F(IndexerTest, LeftoversThatAreMetAgainAndAgainKeepOutNoEvent) {
  start();
  index_.hold(true);
  std::jthread first([&] { run(indexer_->refresh(context_, write("first"))); });
  index_.wait_until_one_is_held();
  std::vector<VideoId> leftovers(500);
  for (auto& id : leftovers) id = VideoId(Uuid::random());
  for (int i = 0; i < 100; ++i) indexer_->refresh_soon(leftovers);
  const auto id = write("zebra");
  std::jthread second([&] { EXPECT_NO_THROW(run(indexer_->refresh(context_, id))); });
  while (indexer_->metrics()->waiting < leftovers.size() + 1) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(indexer_->metrics()->waiting, leftovers.size() + 1);  // each of them once
  index_.hold(false);
  second.join();
  EXPECT_THAT(index_.videos(), Contains(id));
  EXPECT_EQ(index_.groups().at(1), 1u);  // the event came before any leftover
  while (indexer_->metrics()->waiting > 0) std::this_thread::sleep_for(1ms);
}

TEST_F(IndexerTest, WhatWasMissedWhileTheServerWasAwayIsIndexedWhenItIsBack) {
  index_.elsewhere = true;
  start();
  index_.away = true;
  const auto id = write("zebra");
  run(indexer_->refresh(context_, id));
  EXPECT_THAT(index_.videos(), Not(Contains(id)));
  EXPECT_THAT(store_.rows(search_missed), SizeIs(1));
  index_.away = false;
  EXPECT_TRUE(is_indexed_in_time(id));
  indexer_.reset();
  EXPECT_THAT(store_.rows(search_missed), IsEmpty());
}

TEST_F(IndexerTest, WhatAProcessMissedThatIsGoneAnotherOneIndexes) {
  index_.elsewhere = true;
  start();
  index_.away = true;
  std::vector<VideoId> ids;
  for (int i = 0; i < 1'200; ++i) ids.push_back(write("zebra"));
  indexer_->refresh_now(ids);
  indexer_.reset();
  EXPECT_THAT(store_.rows(search_missed), SizeIs(ids.size()));
  index_.away = false;
  start();
  for (const auto& id : ids) EXPECT_TRUE(is_indexed_in_time(id));
  EXPECT_THAT(index_.groups(), Each(Le(500U)));
}

}  // namespace
}  // namespace killrvideo
