// Several processes on one store, each with an index of its own.
#include "search/follower.hpp"

#include <gmock/gmock.h>

#include <map>
#include <thread>

#include "catalog/tables.hpp"
#include "common/clock.hpp"
#include "search/xapian/index.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using namespace std::chrono_literals;

class FollowerTest : public testing::Test {
 protected:
  struct Process {
    Process(storage::Store& store, const std::filesystem::path& directory)
        : index(directory),
          active(store, embedded_index,
                 [=](const Uuid& id) { return exists(directory / id.to_string()); }),
          updater(store, index, active, metrics),
          builder(store, index, active, updater),
          follower(store, index, active, updater, builder) {
      builder.start(60s);
    }

    std::optional<IndexEntry> entry(const VideoId& id) {
      return run(index.entries({}, std::span(&id, 1))).front();
    }
    bool has(const VideoId& id) { return entry(id).has_value(); }
    bool has_after_a_look(const VideoId& id) {
      follower.look();
      return has(id);
    }
    bool builds() const { return builder.progress().running; }

    xapian_engine::Index index;
    ActiveIndexes active;
    SearchMetrics metrics;
    IndexUpdater updater;
    IndexBuilder builder;
    Follower follower;
  };

  std::unique_ptr<Process> start(const std::string& name) {
    return std::make_unique<Process>(*store_, directory_.path() / name);
  }

  // A video, of which nobody is told.
  VideoId write(Timestamp added = now(), VideoId id = VideoId(Uuid::random()),
                const std::string& name = "zebra") {
    Video video{};
    video.videoid = id;
    video.name = name;
    video.added_date = added;
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
    return id;
  }

  // As another tool that truncates does.
  void remove_rows(VideoId id) {
    const auto row = *run(store_->get({}, videos, {id}));
    storage::Batch batch;
    batch.remove(videos, {id});
    batch.remove(latest_videos, {day_of(*row.added_date), *row.added_date, id});
    run(store_->commit({}, std::move(batch)));
  }

  std::vector<VideoId> found(Process& process, const std::string& word) {
    std::vector<VideoId> ids;
    for (const auto& hit : run(process.index.search({}, {word}, {}, 10)).hits)
      ids.push_back(hit.video);
    return ids;
  }

  std::vector<std::string> indexes() { return store_.rows(search_active_indexes); }

  storage::TemporaryDirectory directory_{storage::memory_directory()};
  storage::TemporaryStore store_;
};

TEST_F(FollowerTest, EachProcessFindsWhatAnyoneWrites) {
  const auto one = start("one");
  const auto two = start("two");
  for (int i = 0; i < 3; ++i) {
    const auto id = write();
    EXPECT_TRUE(one->has_after_a_look(id));
    EXPECT_TRUE(two->has_after_a_look(id));
  }
  EXPECT_THAT(indexes(), SizeIs(2));
}

TEST_F(FollowerTest, ClocksMayDifferByTenSeconds) {
  const auto process = start("one");
  process->follower.look();
  EXPECT_TRUE(process->has_after_a_look(write(now() - 9s)));
  EXPECT_TRUE(process->has_after_a_look(write(now() + 9s)));
}

TEST_F(FollowerTest, AVideoWhoseRowAppearsLaterIsIndexedThen) {
  const auto process = start("one");
  Video video{};
  video.videoid = VideoId(Uuid::random());
  video.name = "zebra";
  video.added_date = now();
  storage::Batch batch;
  insert_video(batch, video);
  storage::Batch removal;
  removal.remove(videos, {video.videoid});
  run(store_->commit({}, std::move(batch)));
  run(store_->commit({}, std::move(removal)));
  EXPECT_FALSE(process->has_after_a_look(video.videoid));
  storage::Batch late;
  late.insert(videos, video);
  run(store_->commit({}, std::move(late)));
  EXPECT_TRUE(process->has_after_a_look(video.videoid));
}

TEST_F(FollowerTest, AnIdThatComesBackWithOtherContentIsIndexedAgain) {
  const auto one = start("one");
  const auto two = start("two");
  const auto id = write(now() - 5s);
  for (auto* process : {&*one, &*two}) ASSERT_TRUE(process->has_after_a_look(id));
  remove_rows(id);
  const auto added = now();
  write(added, id, "a lion");
  for (auto* process : {&*one, &*two}) {
    process->follower.look();
    EXPECT_THAT(found(*process, "lion"), ElementsAre(id));
    EXPECT_THAT(found(*process, "zebra"), IsEmpty());
    EXPECT_EQ(process->entry(id)->added, added);
  }
}

TEST_F(FollowerTest, AnIdThatComesBackWithAnotherDateOnlyIsIndexedAgain) {
  const auto process = start("one");
  const auto id = write(now() - 5s);
  ASSERT_TRUE(process->has_after_a_look(id));
  remove_rows(id);
  const auto added = now();
  write(added, id);
  process->follower.look();
  EXPECT_EQ(process->entry(id)->added, added);
}

TEST_F(FollowerTest, ARowOfAnotherDateThatAnotherToolHasLeftCostsNoCommit) {
  const auto process = start("one");
  const auto id = write(now() - 5s);
  write(now(), id, "a lion");
  process->follower.look();
  EXPECT_THAT(found(*process, "lion"), ElementsAre(id));
  const auto files = [&] {
    std::map<std::string, std::filesystem::file_time_type> times;
    for (const auto& file : std::filesystem::recursive_directory_iterator(directory_.path()))
      times[file.path()] = last_write_time(file);
    return times;
  };
  const auto before = files();
  for (int i = 0; i < 3; ++i) process->follower.look();
  EXPECT_EQ(files(), before);
}

TEST_F(FollowerTest, MoreThanAPageIsTakenAtOnce) {
  const auto process = start("one");
  for (int i = 0; i < 1'200; ++i) write();
  process->follower.look();
  EXPECT_EQ(process->index.size(), 1'200u);
}

TEST_F(FollowerTest, AStartGoesOnFromWhereTheProcessHadCome) {
  auto process = start("one");
  const auto other = start("two");
  ASSERT_TRUE(process->has_after_a_look(write()));
  process.reset();
  const auto meanwhile = write();
  const auto of_yesterday = write(now() - 23h);
  process = start("one");
  EXPECT_FALSE(process->builds());
  EXPECT_EQ(process->index.size(), 1u);  // the index that was there
  EXPECT_TRUE(process->has_after_a_look(meanwhile));
  EXPECT_TRUE(process->has(of_yesterday));
  EXPECT_THAT(indexes(), SizeIs(2));
}

TEST_F(FollowerTest, AnIndexThatWasBehindForDaysReadsAllOfThem) {
  auto process = start("one");
  auto behind = *process->active.current();
  process.reset();
  behind.followed_to = now() - 240h;
  ASSERT_TRUE(run(
      store_->compare_and_set<&ActiveIndex::complete>({}, search_active_indexes, behind, true)));
  const auto old = write(now() - 200h);
  const auto older = write(now() - 300h);
  process = start("one");
  EXPECT_TRUE(process->has_after_a_look(old));
  EXPECT_FALSE(process->has(older));
}

TEST_F(FollowerTest, AnIndexOfAnotherStoreIsNotUsed) {
  start("one").reset();
  invalidate_all_indexes(*store_);
  EXPECT_THAT(indexes(), IsEmpty());
  const auto old = write(now() - 1'000h);
  const auto process = start("one");
  EXPECT_TRUE(process->has(old));
  EXPECT_THAT(indexes(), SizeIs(1));
}

TEST_F(FollowerTest, ARunningProcessRebuildsAnIndexThatWasInvalidated) {
  const auto process = start("one");
  const auto first = process->active.current()->indexid;
  const auto old = write(now() - 1'000h);
  EXPECT_FALSE(process->has_after_a_look(old));
  invalidate_all_indexes(*store_);
  ASSERT_FALSE(process->active.advance(first, now() + 1h));
  process->builder.rebuild();
  while (process->builds()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(process->has(old));
  EXPECT_NE(process->active.current()->indexid, first);
  EXPECT_THAT(indexes(), SizeIs(1));
}

TEST_F(FollowerTest, ARebuildLeavesOtherProcessesAlone) {
  const auto one = start("one");
  const auto two = start("two");
  const auto before = one->active.current()->indexid;
  two->builder.rebuild();
  while (two->builds()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(one->active.advance(before, now() + 1h));
  EXPECT_EQ(one->active.current()->indexid, before);
  EXPECT_THAT(indexes(), SizeIs(2));
}

}  // namespace
}  // namespace killrvideo
