#include "dataset/load.hpp"

#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <fstream>

#include "catalog/tables.hpp"
#include "statistics/tables.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo::dataset {
namespace {

constexpr std::string_view header =
    "videoid,userid,name,description,location,location_type,preview_image_location,tags,added_date"
    "\n";

const File& file_named(std::string_view name) {
  const auto found = std::ranges::find(files(), name, &File::name);
  if (found == files().end()) throw std::logic_error("no file " + std::string(name));
  return *found;
}

class DatasetLoad : public testing::Test {
 protected:
  Loaded load_text(std::string_view name, std::string_view text, const Options& options = {}) {
    const auto path = directory_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    Listener listener;
    listener.refused = [&](std::uint64_t line, const std::string& reason) {
      refused_.push_back(std::to_string(line) + ": " + reason);
    };
    listener.passed_over = [&](const std::vector<std::string>& columns) { passed_over_ = columns; };
    listener.progress = [&](std::uint64_t done, std::uint64_t total) {
      EXPECT_GE(done, done_);
      EXPECT_LE(done, total);
      done_ = done;
    };
    done_ = 0;
    refused_.clear();
    passed_over_.clear();
    const auto loaded = load(path, file_named(name), *store_, options, listener);
    EXPECT_EQ(loaded.refused + (loaded.left_out ? 1 : 0), refused_.size());
    EXPECT_EQ(loaded.read, loaded.taken + loaded.unchanged + loaded.refused);
    return loaded;
  }

  storage::TemporaryDirectory directory_;
  storage::TemporaryStore store_;
  std::vector<std::string> refused_, passed_over_;
  std::uint64_t done_ = 0;
};

std::string video_record(char id, std::string_view location, std::string_view location_type) {
  const std::string uuid(1, id);
  return uuid + "0000000-0000-4000-8000-000000000001,10000000-0000-4000-8000-000000000001,Name," +
         "\"Two\nlines\"," + std::string(location) + "," + std::string(location_type) +
         ",preview,\"{'a', 'b'}\",2024-02-29T23:59:59.999Z\n";
}

TEST_F(DatasetLoad, AVideoIsInAllItsTables) {
  const auto loaded =
      load_text("videos.csv", std::string(header) + video_record('1', "TLkA0RELQ1g", "1"));
  EXPECT_EQ(loaded.taken, 1u);
  EXPECT_EQ(loaded.refused, 0u);
  EXPECT_EQ(store_.rows(user_videos).size(), 1u);
  const auto latest = store_.rows(latest_videos);
  ASSERT_EQ(latest.size(), 1u);
  EXPECT_NE(latest[0].find("\"20240229\""), std::string::npos);
}

TEST_F(DatasetLoad, TheLocationDecidesItsType) {
  load_text("videos.csv", std::string(header) +
                              video_record('1', "https://www.youtube.com/embed/TLkA0RELQ1g", "1") +
                              video_record('2', "https://media.example.org/a.mp4", "0"));
  const Context context;
  const auto rows = run(store_->scan(context, videos, "", 10)).rows;
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& video : rows)
    EXPECT_EQ(video.location_type,
              video.videoid.bytes[0] == 0x10 ? location_youtube : location_upload);
}

TEST_F(DatasetLoad, ABadRecordIsLeftOutAndTheRestGoesIn) {
  const auto loaded =
      load_text("videos.csv", std::string(header) + video_record('1', "TLkA0RELQ1g", "0") +
                                  video_record('x', "TLkA0RELQ1g", "0") + "too,few\n" + "\"open\n" +
                                  video_record('2', "TLkA0RELQ1g", "0"));
  EXPECT_EQ(loaded.taken, 2u);
  EXPECT_EQ(store_.rows(videos).size(), 2u);
  ASSERT_EQ(refused_.size(), 3u);
  EXPECT_EQ(refused_[0].substr(0, 12), "4: videoid: ");
  EXPECT_EQ(refused_[1], "6: 2 fields instead of 9");
  EXPECT_EQ(refused_[2].substr(0, 3), "7: ");
}

TEST_F(DatasetLoad, LoadingAgainChangesNothing) {
  const std::string plays =
      "videoid,views\n10000000-0000-4000-8000-000000000001,7\n"
      "10000000-0000-4000-8000-000000000001,8\n";
  load_text("video_playback_stats.csv", plays);
  const auto rows = store_.everything();
  ASSERT_EQ(store_.rows(video_playback_stats).size(), 1u);
  EXPECT_NE(store_.rows(video_playback_stats)[0].find("\"views\":8"), std::string::npos);
  // The second row changes what the first one has set back.
  EXPECT_EQ(load_text("video_playback_stats.csv", plays).taken, 2u);
  EXPECT_EQ(store_.everything(), rows);
  EXPECT_EQ(load_text("video_playback_stats.csv", plays.substr(0, 14) + plays.substr(53)).unchanged,
            1u);
}

TEST_F(DatasetLoad, OfSeveralRecordsWithOneKeyTheLastHolds) {
  std::string text(header);
  for (int i = 0; i < 2'000; ++i)
    for (char id : {'1', '2'})
      text += video_record(id, "https://media.example.org/" + std::to_string(i), "0");
  EXPECT_EQ(load_text("videos.csv", text).taken, 4'000u);
  const auto rows = run(store_->scan({}, videos, "", 10)).rows;
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& video : rows) EXPECT_EQ(video.location, "https://media.example.org/1999");
}

TEST_F(DatasetLoad, NothingIsReadBelowABadHeader) {
  const auto loaded = load_text("video_ratings.csv", "videoid,stars\nx,1\ny,2\n");
  EXPECT_TRUE(loaded.left_out);
  EXPECT_EQ(loaded.read, 0u);
  EXPECT_THAT(refused_, testing::ElementsAre(testing::StartsWith("1: the header lacks ")));
}

TEST_F(DatasetLoad, AnEmptyFileIsAnEmptyTable) {
  for (const auto* text : {"", "\n", "\xEF\xBB\xBF"})
    for (const auto given : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
      const auto loaded = load_text("video_playback_stats.csv", text, {.header = given});
      EXPECT_FALSE(loaded.left_out);
      EXPECT_EQ(loaded.read, 0u);
    }
}

TEST_F(DatasetLoad, AHeaderIsThereIfItIsSaidToBe) {
  const std::string row = "10000000-0000-4000-8000-000000000001,7\n";
  EXPECT_EQ(load_text("video_playback_stats.csv", row).taken, 1u);
  EXPECT_EQ(load_text("video_playback_stats.csv", row, {.header = false}).unchanged, 1u);
  EXPECT_TRUE(load_text("video_playback_stats.csv", row, {.header = true}).left_out);
  EXPECT_EQ(load_text("video_playback_stats.csv", "videoid,views\n" + row, {.header = true}).read,
            1u);
  EXPECT_EQ(
      load_text("video_playback_stats.csv", "videoid,views\n" + row, {.header = false}).refused,
      1u);
}

TEST_F(DatasetLoad, TheFirstGoodRowWithoutAHeaderSaysWhatTheColumnsAre) {
  const std::string row = "10000000-0000-4000-8000-000000000001,7\n";
  EXPECT_EQ(load_text("video_playback_stats.csv", "\"x\"y,7\n" + row, {.header = false}).taken, 1u);
  EXPECT_THAT(refused_, testing::ElementsAre(testing::StartsWith("1: text between")));
  EXPECT_TRUE(load_text("video_playback_stats.csv", "1,2,3\n" + row, {.header = false}).left_out);
  EXPECT_THAT(refused_, testing::ElementsAre(testing::StartsWith("1: 3 fields without a header")));
  const auto loaded = load_text("video_playback_stats.csv", "\"x\"y\n1,2,3\n", {.header = false});
  EXPECT_TRUE(loaded.left_out);
  EXPECT_EQ(loaded.refused, 1u);
}

TEST_F(DatasetLoad, WhatNoTableHasIsPassedOver) {
  load_text("video_playback_stats.csv", "videoid,total_play_time,x,views\n");
  EXPECT_THAT(passed_over_, testing::ElementsAre("total_play_time", "x"));
  load_text("latest_videos.csv", "day,added_date,videoid,userid,name,preview_image_location\n");
  EXPECT_THAT(passed_over_, testing::IsEmpty());
}

TEST_F(DatasetLoad, RefusalsAreToldInTheOrderOfTheirLines) {
  const std::string one = "10000000-0000-4000-8000-000000000001,",
                    two = "10000000-0000-4000-8000-000000000002,";
  load_text("user_credentials.csv", "email,userid,password\na@x.org," + one + "\nA@X.org," + two +
                                        "\n,,\na@X.org," + two + "\n");
  EXPECT_THAT(refused_, testing::ElementsAre(testing::StartsWith("3: email: is taken"),
                                             testing::StartsWith("4: email: is required"),
                                             testing::StartsWith("5: email: is taken")));
}

TEST_F(DatasetLoad, ADayThatIsNotThatOfTheDateIsBad) {
  const std::string record =
      "T23:59:59.999Z,10000000-0000-4000-8000-000000000001,10000000-0000-4000-8000-000000000001,"
      "Name,preview\n";
  const auto loaded = load_text("latest_videos.csv",
                                "day,added_date,videoid,userid,name,preview_image_location\n"
                                "2024-02-29,2024-02-29" +
                                    record + "2024-03-01,2024-02-29" + record);
  EXPECT_EQ(loaded.taken, 1u);
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].substr(0, 7), "3: day:");
}

TEST_F(DatasetLoad, AFileThatCannotBeReadIsAnError) {
  EXPECT_THROW(load(directory_.path() / "none.csv", files()[0], *store_, {}, {}), UnreadableFile);
  EXPECT_THROW(load(directory_.path(), files()[0], *store_, {}, {}), UnreadableFile);
}

std::string value_for(const storage::ColumnInfo& column) {
  if (column.name == "email") return "ada@example.org";
  if (column.name == "location") return "TLkA0RELQ1g";
  if (column.name == "yyyymmdd") return "20250828";
  switch (column.type) {
    case storage::Type::uuid:
      return "10000000-0000-4000-8000-000000000001";
    case storage::Type::timeuuid:
      return "090f6644-b9cd-11f0-9a37-62bc60f3bc08";
    case storage::Type::timestamp:
      return "2025-08-28T05:04:35Z";
    case storage::Type::boolean:
      return "true";
    case storage::Type::text_set:
      return "{'one'}";
    case storage::Type::vector:
      return fmt::format("\"[{}]\"", fmt::join(std::vector<int>(column.dimension, 1), ","));
    case storage::Type::text:
      return "some text";
    default:
      return "3";
  }
}

// Whoever adds a column to a table has to decide how it is read from a file.
TEST_F(DatasetLoad, EveryColumnOfATableIsRead) {
  for (const File& file : files()) {
    SCOPED_TRACE(file.name);
    const storage::TableInfo& table = *file.layout.table;
    std::vector<std::string> names, values;
    for (const auto& column : table.columns) {
      names.push_back(column.name);
      values.push_back(value_for(column));
    }
    storage::TemporaryStore store;
    const auto path = directory_.path() / file.name;
    std::ofstream(path) << fmt::format("{}\n{}\n", fmt::join(names, ","), fmt::join(values, ","));
    Listener listener;
    listener.refused = [](std::uint64_t, const std::string& reason) { ADD_FAILURE() << reason; };
    listener.passed_over = [](const auto& columns) { ADD_FAILURE() << fmt::format("{}", columns); };
    listener.progress = [](std::uint64_t, std::uint64_t) {};
    EXPECT_EQ(load(path, file, *store, {}, listener).taken, 1u);
    std::vector<std::string> missing;
    const storage::RowSink sink = [&](std::span<const storage::Cell> cells) {
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (cells[i].empty()) missing.push_back(table.columns[i].name);
    };
    run(store->engine().scan({}, table, {}, 10, sink));
    EXPECT_THAT(missing, testing::IsEmpty());
  }
}

}  // namespace
}  // namespace killrvideo::dataset
