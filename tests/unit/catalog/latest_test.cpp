#include "catalog/latest.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <utility>

#include "catalog/latest_days.hpp"
#include "common/clock.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::ElementsAre;

Timestamp noon(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                               std::chrono::day{day}} +
         12h;
}

/// A listing whose reads are counted: those of days other than today and yesterday, which are
/// always read.
class LatestVideos : public ::testing::Test {
 protected:
  LatestVideos() {
    auto engine = std::make_unique<storage::ForwardingEngine>(storage_->engine());
    engine->on_slice([this](const storage::TableInfo& table, const storage::RawSliceQuery& query) {
      if (&table != &latest_videos) return;
      const auto recent = recent_days();
      query.partition.each([&](std::size_t, storage::Cell day) {
        if (std::ranges::find(recent, day) == recent.end()) ++reads_;
      });
    });
    store_ = std::make_unique<storage::Store>(std::move(engine));
  }

  static Video video_of(Timestamp time) {
    Video video{};
    video.videoid = VideoId(Uuid::random());
    video.added_date = time;
    return video;
  }

  VideoId add_video(Timestamp time) {
    const Video video = video_of(time);
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
    return video.videoid;
  }

  /// As another tool does: the row in the shared table alone.
  VideoId add_row(Timestamp time, const std::string& day) {
    LatestVideo row = *latest_video_of(video_of(time));
    row.yyyymmdd = day;
    run(store_->commit({}, storage::Batch().insert(latest_videos, row)));
    return row.videoid;
  }

  PageResult<LatestVideo> page(int size, std::optional<Timestamp> from = {},
                               std::string state = {}) {
    PageRequest<std::tuple<Timestamp, VideoId>> request{.page_size = size};
    if (from) request.start = {*from, VideoId(Uuid::random())};
    request.paging_state = std::move(state);
    return run(list_latest(*store_, {}, std::move(request)));
  }

  std::vector<VideoId> list(int size = 1'000, std::optional<Timestamp> from = {}) {
    std::vector<VideoId> ids;
    for (const LatestVideo& row : page(size, from).rows) ids.push_back(row.videoid);
    return ids;
  }

  std::vector<std::string> listed_days() {
    std::vector<std::string> listed;
    storage::SliceQuery<> all{.size = 1'000};
    for (const auto& row : run(store_->slice({}, latest_days, {all_days}, all)).rows)
      listed.push_back(row.yyyymmdd);
    return listed;
  }

  storage::TemporaryStore storage_;
  std::unique_ptr<storage::Store> store_;
  int reads_ = 0;
};

TEST_F(LatestVideos, are_found_without_reading_every_empty_day) {
  for (int years = 0; years < 4; ++years) add_video(noon(2016, 7, 1) - years * 365 * 24h);
  EXPECT_EQ(list(10).size(), 4u);
  EXPECT_EQ(reads_, 4);
  // A day that has none, asked for by the caller, is the only empty one that is read.
  reads_ = 0;
  EXPECT_EQ(list(10, noon(2016, 7, 1) - 100 * 24h).size(), 3u);
  EXPECT_EQ(reads_, 4);
}

TEST_F(LatestVideos, are_found_without_reading_more_than_the_page) {
  for (int day = 0; day < 50; ++day) add_video(Timestamp{} + day * 24h);
  EXPECT_EQ(list(3).size(), 3u);
  EXPECT_EQ(reads_, 4);  // and whether the next day has any
}

TEST_F(LatestVideos, from_the_last_time_on_are_found_without_a_look_into_every_day) {
  for (int day = 0; day < 50; ++day) add_video(Timestamp{} + day * 24h);
  for (const Timestamp time : {latest_time, earliest_time}) {
    reads_ = 0;
    list(1, time);
    EXPECT_LE(reads_, 5);
  }
}

TEST_F(LatestVideos, are_paged_over_years_with_gaps) {
  std::vector<VideoId> newest_first{add_video(now())};
  const std::vector<std::tuple<int, unsigned, unsigned>> others{
      {9999, 12, 31}, {2400, 2, 29},  {2016, 3, 1}, {2016, 2, 29},
      {2005, 2, 13},  {1999, 12, 31}, {1970, 1, 1}, {1, 1, 1}};
  for (const auto& [year, month, day] : others)
    newest_first.push_back(add_video(noon(year, month, day)));
  std::rotate(newest_first.begin(), newest_first.begin() + 1, newest_first.begin() + 3);
  ASSERT_EQ(list(), newest_first);
  for (int size = 1; size <= 10; ++size) {
    std::vector<VideoId> walked;
    std::string state;
    do {
      const auto next = page(size, {}, state);
      ASSERT_FALSE(next.rows.empty()) << "a token that nothing follows, pages of " << size;
      for (const LatestVideo& row : next.rows) walked.push_back(row.videoid);
      state = next.paging_state;
    } while (!state.empty());
    EXPECT_EQ(walked, newest_first) << "pages of " << size;
  }
}

/// A row that another tool has written, and what it takes to show it.
struct ForeignRow {
  std::string name;
  std::string day;
  bool at_once, by_a_look;
};

class ForeignRows : public LatestVideos, public ::testing::WithParamInterface<ForeignRow> {};

std::string days_ago(int count) { return day_of(now() - days(count)); }

TEST_P(ForeignRows, are_shown) {
  const VideoId ours = add_video(noon(2010, 1, 1));
  const VideoId theirs = add_row(now(), GetParam().day);
  const auto shown = [&] { return ::testing::Value(list(), ::testing::Contains(theirs)); };
  EXPECT_EQ(shown(), GetParam().at_once);
  run(find_days(*store_, {}));
  EXPECT_EQ(shown(), GetParam().by_a_look);
  run(list_all_days(*store_));
  EXPECT_THAT(list(), ::testing::UnorderedElementsAre(ours, theirs));
}

INSTANTIATE_TEST_SUITE_P(Days, ForeignRows,
                         ::testing::Values(ForeignRow{"Today", days_ago(0), true, true},
                                           ForeignRow{"Yesterday", days_ago(1), true, true},
                                           ForeignRow{"BeforeYesterday", days_ago(2), false, true},
                                           ForeignRow{"Tomorrow", days_ago(-1), false, true},
                                           ForeignRow{"FirstOfYouTube", "20050214", false, true},
                                           ForeignRow{"BeforeYouTube", "20050213", false, false},
                                           ForeignRow{"FarFuture", "30000101", false, false},
                                           ForeignRow{"NoDay", "soon", false, false}),
                         [](const auto& info) { return info.param.name; });

TEST_F(LatestVideos, leave_a_day_that_has_none_any_more) {
  const VideoId stays = add_video(noon(2010, 1, 1));
  const Timestamp removed = noon(2011, 1, 1);
  const VideoId id = add_video(removed);
  run(store_->commit({}, storage::Batch().remove(latest_videos, {day_of(removed), removed, id})));
  EXPECT_THAT(listed_days(), ElementsAre("20110101", "20100101"));
  EXPECT_THAT(list(), ElementsAre(stays));
  EXPECT_THAT(listed_days(), ElementsAre("20100101"));
}

TEST_F(LatestVideos, keep_a_day_that_has_one_after_all) {
  add_video(noon(2010, 1, 1));
  run(forget_empty_days(*store_, {}, {"20100101", "20090101"}));
  EXPECT_THAT(listed_days(), ElementsAre("20100101"));
}

TEST(LatestDays, of_a_store_of_the_version_before_are_listed_when_it_is_opened) {
  const storage::TemporaryDirectory directory;
  storage::Schema before = schema();
  std::erase(before.tables, &latest_days);
  std::erase_if(before.migrations,
                [](const storage::Migration& each) { return each.version >= 4; });
  Video video{};
  video.videoid = VideoId(Uuid::random());
  video.added_date = noon(2010, 1, 1);
  {
    const auto store = storage::rocksdb_engine::open_store(directory.path(), before, {});
    run(store->commit({}, storage::Batch().insert(latest_videos, *latest_video_of(video))));
  }
  const auto store = storage::rocksdb_engine::open_store(directory.path(), schema(), {});
  EXPECT_EQ(run(list_latest(*store, {}, {.page_size = 10})).rows.size(), 1u);
}

}  // namespace
}  // namespace killrvideo
