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
          in_force(store),
          indexer(store, index, in_force),
          follower(store, index, indexer, in_force) {
      indexer.start(60s);
    }

    std::optional<IndexEntry> entry(const VideoId& id) {
      return run(index.entries({}, std::span(&id, 1))).front();
    }
    bool has(const VideoId& id) { return entry(id).has_value(); }
    bool has_after_a_look(const VideoId& id) {
      follower.look();
      return has(id);
    }
    bool builds() const { return indexer.progress().running; }

    xapian_engine::Index index;
    FollowedIndex in_force;
    Indexer indexer;
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

  std::vector<std::string> positions() { return store_.rows(search_positions); }

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
  EXPECT_THAT(positions(), SizeIs(2));
}

TEST_F(FollowerTest, ClocksMayDifferByTenSeconds) {
  const auto process = start("one");
  process->follower.look();
  EXPECT_TRUE(process->has_after_a_look(write(now() - 9s)));
  EXPECT_TRUE(process->has_after_a_look(write(now() + 9s)));
}

TEST_F(FollowerTest, AVideoWhoseRowAppearsLaterIsTakenThen) {
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

TEST_F(FollowerTest, AnIdThatComesBackWithOtherContentIsIndexedAnew) {
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

TEST_F(FollowerTest, AnIdThatComesBackWithAnotherDateOnlyIsIndexedAnew) {
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
  EXPECT_THAT(positions(), SizeIs(2));
}

TEST_F(FollowerTest, AnIndexThatWasBehindForDaysReadsAllOfThem) {
  auto process = start("one");
  const auto id = process->in_force.position()->indexid;
  process.reset();
  storage::Batch batch;
  batch.insert(search_positions, {id, now() - 240h});
  run(store_->commit({}, std::move(batch)));
  const auto old = write(now() - 200h);
  const auto older = write(now() - 300h);
  process = start("one");
  EXPECT_TRUE(process->has_after_a_look(old));
  EXPECT_FALSE(process->has(older));
}

TEST_F(FollowerTest, AnIndexOfAnotherStoreIsNotBelieved) {
  start("one").reset();
  put_no_index_in_force(*store_);
  EXPECT_THAT(positions(), IsEmpty());
  const auto old = write(now() - 1'000h);
  const auto process = start("one");
  EXPECT_TRUE(process->has(old));
  EXPECT_THAT(positions(), SizeIs(1));
}

TEST_F(FollowerTest, WhoRunsBuildsAnewWhatIsSaidToBeIncomplete) {
  const auto process = start("one");
  const auto first = *process->in_force.position();
  const auto old = write(now() - 1'000h);
  EXPECT_FALSE(process->has_after_a_look(old));
  put_no_index_in_force(*store_);
  ASSERT_FALSE(process->in_force.advance(first, now() + 1h));
  process->indexer.rebuild();
  while (process->builds()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(process->has(old));
  EXPECT_NE(process->in_force.position()->indexid, first.indexid);
  EXPECT_THAT(positions(), SizeIs(1));
}

TEST_F(FollowerTest, AnIndexThatWasBeingBuiltMeanwhileIsNotBelieved) {
  FollowedIndex in_force(*store_);
  const auto id = Uuid::random();
  in_force.begin(id, now());
  put_no_index_in_force(*store_);
  EXPECT_THROW(in_force.put(id), Error);
  EXPECT_FALSE(in_force.position());
  in_force.begin(id, now());
  in_force.put(id);
  EXPECT_EQ(in_force.position()->indexid, id);
}

TEST_F(FollowerTest, ARebuildLeavesOtherProcessesAlone) {
  const auto one = start("one");
  const auto two = start("two");
  const auto before = one->in_force.position()->indexid;
  two->indexer.rebuild();
  while (two->builds()) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(one->in_force.advance(*one->in_force.position(), now() + 1h));
  EXPECT_EQ(one->in_force.position()->indexid, before);
  EXPECT_THAT(positions(), SizeIs(2));
}

}  // namespace
}  // namespace killrvideo
