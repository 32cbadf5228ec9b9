#include "dataset/columns.hpp"

#include <gtest/gtest.h>

#include "common/error.hpp"
#include "dataset/files.hpp"

namespace killrvideo::dataset {
namespace {

using Names = std::vector<std::string>;

const Layout& layout_of(std::string_view file) {
  return std::ranges::find(files(), file, &File::name)->layout;
}

CsvRecord first_line(Names fields) { return {.line = 1, .fields = std::move(fields)}; }

template <class Find>
std::string error_of(Find find) {
  try {
    find();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::invalid_argument);
    return error.what();
  }
  return "none";
}

constexpr auto an_id = "79577345-9470-41e2-93d1-311b10a1f8ae";

struct FirstLine {
  std::string_view file;
  Names fields;
  bool is_row;
};

class FirstLines : public testing::TestWithParam<FirstLine> {};

TEST_P(FirstLines, AreRowsIfTheirKeyIsAValue) {
  EXPECT_EQ(is_row(first_line(GetParam().fields), layout_of(GetParam().file)), GetParam().is_row);
}

INSTANTIATE_TEST_SUITE_P(
    Dataset, FirstLines,
    testing::Values(
        FirstLine{"videos.csv", {"videoid", "userid"}, false},
        FirstLine{"videos.csv", {"userid", "name", "videoid"}, false},
        FirstLine{"videos.csv", {an_id, "x"}, true}, FirstLine{"videos.csv", {"x", an_id}, false},
        FirstLine{"videos.csv", {""}, false}, FirstLine{"videos.csv", {}, false},
        FirstLine{"users.csv", {an_id}, true},
        FirstLine{"user_credentials.csv", {"email", "password"}, false},
        FirstLine{"user_credentials.csv", {" Bob@X.org ", ""}, true},
        FirstLine{"latest_videos.csv", {"day", "added_date", "videoid"}, false},
        FirstLine{"latest_videos.csv", {"2025-08-28", "x", "x"}, true},
        FirstLine{"latest_videos.csv", {"20250828", "x", "x"}, true},
        FirstLine{"user_videos.csv", {an_id, "2025-08-28T05:04:35Z", an_id}, true},
        FirstLine{"comments_by_user.csv", {"userid", "commentid"}, false},
        FirstLine{"comments_by_user.csv", {an_id, "090f6644-b9cd-11f0-9a37-62bc60f3bc08"}, true},
        FirstLine{"video_ratings_by_user.csv", {an_id, an_id, "5"}, true}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

struct HeaderForm {
  Names fields;
  Names names;
};

class HeaderForms : public testing::TestWithParam<HeaderForm> {};

TEST_P(HeaderForms, AreRead) {
  const auto& layout = layout_of("video_playback_stats.csv");
  EXPECT_EQ(columns_of_header(first_line(GetParam().fields), layout).names(), GetParam().names);
}

INSTANTIATE_TEST_SUITE_P(
    Dataset, HeaderForms,
    testing::Values(HeaderForm{{"videoid", "views"}, {"videoid", "views"}},
                    HeaderForm{{"views", "x", "videoid"}, {"views", "x", "videoid"}},
                    HeaderForm{{"VideoID", "VIEWS"}, {"videoid", "views"}},
                    HeaderForm{{" videoid ", "\tviews"}, {"videoid", "views"}},
                    HeaderForm{{"\"videoid\"", " 'Views' "}, {"videoid", "views"}},
                    HeaderForm{{"videoid", "views", ""}, {"videoid", "views", ""}},
                    HeaderForm{{"videoid", "views", "b\xE4"}, {"videoid", "views", "b\xE4"}}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

struct BadHeader {
  Names fields;
  std::string error;
};

class BadHeaders : public testing::TestWithParam<BadHeader> {};

TEST_P(BadHeaders, AreToldInOneLine) {
  const auto& layout = layout_of("video_ratings.csv");
  EXPECT_EQ(error_of([&] { columns_of_header(first_line(GetParam().fields), layout); }),
            GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Dataset, BadHeaders,
    testing::Values(
        BadHeader{{"videoid", "rating_counter", "stars"},
                  "the header lacks rating_total; the line seems to be separated by commas"},
        BadHeader{{"videoid", "x"},
                  "the header lacks rating_counter, rating_total; the line seems to be separated "
                  "by commas"},
        BadHeader{{"videoid;rating_counter;rating_total"},
                  "the header lacks videoid, rating_counter, rating_total; the line seems to be "
                  "separated by semicolons"},
        BadHeader{{"videoid\trating_counter\t\"a", " b\""},
                  "the header lacks videoid, rating_counter, rating_total; the line seems to be "
                  "separated by tabs"},
        BadHeader{{"videoid|rating_counter|rating_total"},
                  "the header lacks videoid, rating_counter, rating_total; the line seems to be "
                  "separated by vertical bars"},
        BadHeader{{"videoid", "rating_counter", "rating_total", "VideoId"},
                  "the header names the column 'videoid' twice"},
        BadHeader{{"videoid", "rating_counter", "rating_total", "x", "x"},
                  "the header names the column 'x' twice"}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

TEST(Columns, OfAMalformedHeaderAreNotKnown) {
  const CsvRecord header{.line = 1, .fields = {}, .malformed = "why"};
  EXPECT_EQ(error_of([&] { columns_of_header(header, layout_of("videos.csv")); }), "why");
}

struct Place {
  std::string_view file;
  Names names;
};

class Places : public testing::TestWithParam<Place> {};

TEST_P(Places, AreKnownByTheNumberOfFields) {
  const auto& [file, names] = GetParam();
  EXPECT_EQ(columns_by_place(names.size(), layout_of(file)).names(), names);
}

INSTANTIATE_TEST_SUITE_P(
    Dataset, Places,
    testing::Values(
        Place{"users.csv", {"userid", "created_date", "email", "firstname", "lastname"}},
        Place{"users.csv",
              {"userid", "account_status", "created_date", "email", "firstname", "last_login_date",
               "lastname"}},
        Place{"user_credentials.csv", {"email", "password", "userid"}},
        Place{"user_credentials.csv", {"email", "account_locked", "password", "userid"}},
        Place{"videos.csv",
              {"videoid", "added_date", "description", "location", "location_type", "name",
               "preview_image_location", "tags", "userid"}},
        Place{"videos.csv",
              {"videoid", "added_date", "category", "content_features", "content_rating",
               "description", "language", "location", "location_type", "name",
               "preview_image_location", "tags", "userid"}},
        Place{"user_videos.csv",
              {"userid", "added_date", "videoid", "name", "preview_image_location"}},
        Place{"latest_videos.csv",
              {"yyyymmdd", "added_date", "videoid", "name", "preview_image_location", "userid"}},
        Place{"latest_videos.csv",
              {"yyyymmdd", "added_date", "videoid", "category", "content_rating", "name",
               "preview_image_location", "userid"}},
        Place{"comments.csv", {"videoid", "commentid", "comment", "userid"}},
        Place{"comments_by_video.csv",
              {"videoid", "commentid", "comment", "sentiment_score", "userid"}},
        Place{"comments_by_user.csv",
              {"userid", "commentid", "comment", "sentiment_score", "videoid"}},
        Place{"video_ratings.csv", {"videoid", "rating_counter", "rating_total"}},
        Place{"video_ratings_by_user.csv", {"videoid", "userid", "rating"}},
        Place{"video_ratings_by_user.csv", {"videoid", "userid", "rating", "rating_date"}},
        Place{"video_playback_stats.csv", {"videoid", "views"}},
        Place{"video_playback_stats.csv",
              {"videoid", "complete_views", "total_play_time", "unique_viewers", "views"}}),
    [](const auto& test) { return "Case" + std::to_string(test.index); });

TEST(Columns, OfAnotherNumberAreNotGuessed) {
  const auto error = error_of([] { columns_by_place(3, layout_of("video_playback_stats.csv")); });
  EXPECT_EQ(error,
            "3 fields without a header; the table's columns are 2 (videoid, views) or 5 (videoid, "
            "complete_views, total_play_time, unique_viewers, views)");
}

}  // namespace
}  // namespace killrvideo::dataset
