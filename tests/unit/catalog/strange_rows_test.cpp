// Rows that other tools have written: times that cannot be told, rows in other days' partitions,
// texts of any length.
#include <gmock/gmock.h>

#include <limits>

#include "catalog/catalog.hpp"
#include "catalog/latest_days.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

Timestamp at(std::int64_t milliseconds) {
  return Timestamp{std::chrono::milliseconds{milliseconds}};
}

struct StrangeTime {
  std::string what;
  Timestamp stored;
  std::string day;  ///< that the tool has put it into
};

const StrangeTime strange_times[]{
    {"LastOfAll", at(std::numeric_limits<std::int64_t>::max()), "99991231"},
    {"MicrosecondsInTheirDay", at(1'700'000'000'000'000), "20231114"},
    {"MicrosecondsInAFarDay", at(1'700'000'000'000'000), "558401230"},
    {"FirstOfYear10000", latest_time + std::chrono::milliseconds{1}, "100000101"},
    {"LastThatCanBeTold", latest_time, "99991231"},
    {"FirstThatCanBeTold", earliest_time, "00010101"},
    {"LastOfYear0", earliest_time - std::chrono::milliseconds{1}, "00001231"},
    {"YearMinus5", at(-62'300'000'000'000), "-0050101"},
    {"LongAgoInADayOfToday", at(-62'300'000'000'000), "20231114"},
    {"FirstOfAll", at(std::numeric_limits<std::int64_t>::min()), "00010101"},
};

/// Two videos of one user at each of these times and others on usual days.
class StrangeTimes : public ::testing::TestWithParam<StrangeTime> {
 protected:
  StrangeTimes() {
    for (const StrangeTime& time : strange_times)
      for (int i = 0; i < 2; ++i) add(time.stored, time.day);
    for (int day = 0; day < 5; ++day) {
      const Timestamp time = at(1'700'000'000'000) + std::chrono::days(day);
      add(time, day_of(time));
    }
    run(list_all_days(*store_));
  }

  void add(Timestamp time, const std::string& day) {
    const VideoId id(Uuid::random());
    storage::Batch batch;
    batch.insert(latest_videos, {day, time, id, user_, "A video", ""});
    batch.insert(user_videos, {user_, time, id, "A video", ""});
    run(store_->commit({}, std::move(batch)));
    if (time == GetParam().stored && day == GetParam().day) asked_.push_back(id);
  }

  /// All rows of a listing from a start on, by pages of three.
  template <class List>
  auto walk(List list, std::optional<Catalog::Start> start) {
    auto page = list({.page_size = 3, .start = start});
    auto rows = page.rows;
    while (!page.paging_state.empty()) {
      page = list({.page_size = 3, .start = start, .paging_state = page.paging_state});
      rows.insert(rows.end(), page.rows.begin(), page.rows.end());
    }
    return rows;
  }

  /// Whether each of the videos, with its time as it is told, is a start of what follows it.
  template <class List>
  void expect_starts(List list) {
    const auto all = walk(list, std::nullopt);
    ASSERT_EQ(all.size(), 2 * std::size(strange_times) + 5);
    for (const VideoId& id : asked_) {
      const auto rest = walk(list, Catalog::Start{clamp_time(GetParam().stored), id});
      const auto row = std::ranges::find(all, id, [](const auto& each) { return each.videoid; });
      ASSERT_EQ(rest.size(), static_cast<std::size_t>(all.end() - row));
      EXPECT_TRUE(std::ranges::equal(
          rest, std::span(row, all.end()), {}, [](const auto& each) { return each.videoid; },
          [](const auto& each) { return each.videoid; }));
    }
  }

  auto latest() {
    return [this](PageRequest<Catalog::Start> request) {
      return run(catalog_.latest({}, std::move(request)));
    };
  }
  auto of_user() {
    return [this](PageRequest<Catalog::Start> request) {
      return run(catalog_.of_user({}, user_, std::move(request)));
    };
  }

  const UserId user_{Uuid::random()};
  storage::TemporaryStore store_;
  Catalog catalog_{*store_};
  std::vector<VideoId> asked_;
};

TEST_P(StrangeTimes, StartTheLatest) { expect_starts(latest()); }

TEST_P(StrangeTimes, StartTheVideosOfAUser) { expect_starts(of_user()); }

TEST_P(StrangeTimes, StayInTheirOrder) {
  const auto rows = walk(of_user(), std::nullopt);
  EXPECT_TRUE(std::ranges::is_sorted(rows, std::ranges::greater{}, &UserVideo::added_date));
}

INSTANTIATE_TEST_SUITE_P(Stored, StrangeTimes, testing::ValuesIn(strange_times),
                         [](const auto& info) { return info.param.what; });

TEST(StrangeStart, OfAnUnknownVideoIsATimeLikeOthers) {
  storage::TemporaryStore store;
  Catalog catalog(*store);
  storage::Batch batch;
  batch.insert(latest_videos, {"20231114", at(1'700'000'000'000), {}, {}, "A video", ""});
  run(store->commit({}, std::move(batch)));
  run(list_all_days(*store));
  const auto from = [&](Timestamp time) {
    return run(catalog.latest({}, {.page_size = 9, .start = {{time, VideoId(Uuid::random())}}}));
  };
  EXPECT_EQ(from(latest_time).rows.size(), 1);
  EXPECT_EQ(from(earliest_time).rows.size(), 0);
}

TEST(LongTexts, EndAPageOfTheLatestAtAnyDay) {
  storage::TemporaryStore store;
  Catalog catalog(*store);
  std::vector<VideoId> newest_first;
  for (int i = 0; i < 40; ++i) {
    const Timestamp time = at(1'700'000'000'000) - i * std::chrono::hours(5);
    newest_first.emplace_back(Uuid::random());
    storage::Batch batch;
    batch.insert(latest_videos,
                 {day_of(time), time, newest_first.back(), {}, std::string(350'000, 'x'), ""});
    run(store->commit({}, std::move(batch)));
  }
  run(list_all_days(*store));
  std::vector<VideoId> listed;
  PageRequest<Catalog::Start> request{.page_size = 1'000};
  do {
    const auto page = run(catalog.latest({}, request));
    EXPECT_THAT(page.rows.size(), testing::AllOf(testing::Gt(0), testing::Lt(12)));
    for (const auto& row : page.rows) listed.push_back(row.videoid);
    request.paging_state = page.paging_state;
  } while (!request.paging_state.empty());
  EXPECT_EQ(listed, newest_first);
}

TEST(LongTexts, OfAVideoAreCutTogether) {
  storage::TemporaryStore store;
  Video video{};
  video.videoid = VideoId(Uuid::random());
  video.name = video.description = video.location = std::string(2'000'000, 'x');
  for (int i = 0; i < 200'000; ++i) video.tags.insert("a tag " + std::to_string(i));
  video.tags.insert(std::string(3'000'000, 'y'));
  run(store->commit({}, storage::Batch().insert(videos, video)));
  const Video told = run(Catalog(*store).video({}, video.videoid));
  std::size_t bytes = told.name.size() + told.description.size() + told.location.size();
  for (const std::string& tag : told.tags) bytes += tag.size() + 4;
  EXPECT_LT(bytes, 4'000'000);
  EXPECT_GT(told.name.size(), 100'000);
  EXPECT_TRUE(told.tags.contains("a tag 0"));
}

}  // namespace
}  // namespace killrvideo
