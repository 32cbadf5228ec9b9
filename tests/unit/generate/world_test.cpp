#include "generate/world.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "catalog/youtube.hpp"
#include "common/text.hpp"
#include "generate/fill.hpp"
#include "statistics/tables.hpp"
#include "storage/temporary_store.hpp"
#include "users/passwords.hpp"

namespace killrvideo::generate {
namespace {

constexpr Sizes small{
    .users = 50, .videos = 400, .comments = 3'000, .ratings = 2'000, .plays = 10'000};

void fill_quietly(storage::Store& store, const World& world) {
  fill(store, world, 4, [](std::string_view, std::uint64_t, std::uint64_t) {});
}

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST(World, TheSameSeedFillsStoresAlike) {
  storage::TemporaryStore one;
  storage::TemporaryStore other;
  fill_quietly(*one, World(small, 5));
  fill_quietly(*other, World(small, 5));
  const auto rows = one.everything();
  EXPECT_EQ(other.everything(), rows);
  // So does a second time into the same store.
  fill_quietly(*one, World(small, 5));
  EXPECT_EQ(one.everything(), rows);
}

TEST(World, AnotherSeedIsAnotherWorld) {
  const World one(small, 5);
  const World other(small, 6);
  EXPECT_NE(one.video_id(0), other.video_id(0));
  EXPECT_NE(one.user(0).userid, other.user(0).userid);
}

TEST(World, IsWhatIsAsked) {
  storage::TemporaryStore store;
  fill_quietly(*store, World(small, 1));
  EXPECT_EQ(store.rows(users).size(), small.users);
  EXPECT_EQ(store.rows(user_credentials).size(), small.users);
  EXPECT_EQ(store.rows(videos).size(), small.videos);
  EXPECT_EQ(store.rows(latest_videos).size(), small.videos);
  EXPECT_EQ(store.rows(user_videos).size(), small.videos);
  EXPECT_EQ(store.rows(comments_by_video).size(), small.comments);
  EXPECT_EQ(store.rows(comments_by_user).size(), small.comments);
  EXPECT_EQ(store.rows(video_ratings_by_user).size(), small.ratings);
}

TEST(World, TotalsAreThoseOfTheRows) {
  storage::TemporaryStore store;
  fill_quietly(*store, World(small, 2));
  const Context context;
  std::map<std::string, VideoRating> expected;
  for (const auto& row : run(store->scan(context, video_ratings_by_user, "", 100'000)).rows) {
    auto& total = expected[row.videoid.to_string()];
    total.videoid = row.videoid;
    ++total.rating_counter.value;
    total.rating_total.value += row.rating.value();
  }
  const auto totals = run(store->scan(context, video_ratings, "", 100'000)).rows;
  EXPECT_EQ(totals.size(), expected.size());
  for (const auto& total : totals) EXPECT_EQ(total, expected[total.videoid.to_string()]);
  std::int64_t plays = 0;
  for (const auto& row : run(store->scan(context, video_playback_stats, "", 100'000)).rows)
    plays += row.views.value;
  EXPECT_EQ(plays, static_cast<std::int64_t>(small.plays));
}

TEST(World, NoTwoVideosWereAddedAtOneTime) {
  const World world(small, 1);
  std::set<Timestamp> times;
  for (std::uint64_t i = 0; i < small.videos; ++i) times.insert(world.video(i).added_date.value());
  EXPECT_EQ(times.size(), small.videos);
}

TEST(World, VideosCouldHaveBeenSubmitted) {
  const World world(small, 1);
  for (std::uint64_t i = 0; i < small.videos; ++i) {
    const auto video = world.video(i);
    EXPECT_EQ(youtube_id(video.location), video.location);
    EXPECT_EQ(video.preview_image_location, youtube_preview(video.location));
    EXPECT_FALSE(video.name.empty());
    EXPECT_LE(count_characters(video.name), 255u);
    EXPECT_LE(count_characters(video.description), 10'000u);
    EXPECT_GE(video.tags.size(), 1u);
    EXPECT_EQ((video.name + video.description).find_first_of("{}"), std::string::npos);
    EXPECT_TRUE(is_utf8(video.name + video.description));
  }
}

TEST(World, CommentsAreMadeAfterTheirVideo) {
  const World world(small, 1);
  const auto video = world.video(3);
  std::set<std::string> texts;
  world.comments(3, 500, [&](const CommentByVideo& comment) {
    EXPECT_EQ(comment.videoid, video.videoid);
    EXPECT_EQ(comment.commentid.version(), 1);
    EXPECT_GE(comment.commentid.timestamp(), video.added_date);
    EXPECT_EQ(comment.comment.find_first_of("{}"), std::string::npos);
    EXPECT_TRUE(is_utf8(comment.comment));
    texts.insert(comment.comment);
  });
  EXPECT_GT(texts.size(), 300u);
}

TEST(World, AFewVideosHaveMostOfTheCounts) {
  const World world({.users = 1, .videos = 10'000}, 1);
  auto counts = world.counts(200'000, 1'000'000);
  EXPECT_EQ(sum(counts), 200'000u);
  std::ranges::sort(counts, std::greater());
  const auto top_tenth = std::accumulate(counts.begin(), counts.begin() + 1'000, std::uint64_t{0});
  EXPECT_GT(top_tenth, 120'000u);
  EXPECT_LT(top_tenth, 190'000u);
  EXPECT_GT(counts[0], 20 * counts[999]);
  EXPECT_GT(counts[7'500], 0u);
}

TEST(World, WhatIsCountedIsPopularAlike) {
  const World world({.users = 1, .videos = 1'000}, 1);
  const auto plays = world.counts(100'000, 1'000'000);
  const auto comments = world.counts(50'000, 1'000'000);
  EXPECT_EQ(std::ranges::max_element(plays) - plays.begin(),
            std::ranges::max_element(comments) - comments.begin());
}

TEST(World, CountsHaveALimit) {
  const World world({.users = 10, .videos = 20}, 1);
  for (std::uint64_t total : {0u, 1u, 50u, 150u, 199u, 200u}) {
    const auto counts = world.counts(total, 10);
    EXPECT_EQ(sum(counts), total);
    EXPECT_LE(*std::ranges::max_element(counts), 10u);
  }
}

TEST(World, AUserRatesAVideoOnce) {
  const World world(small, 1);
  for (std::uint64_t count : {0u, 1u, 5u, 6u, 7u, 25u, 49u, 50u}) {
    std::set<std::string> raters;
    for (const auto& rating : world.ratings(0, count)) raters.insert(rating.userid.to_string());
    EXPECT_EQ(raters.size(), count);
  }
}

TEST(World, MostRatingsAreGood) {
  const World world({.users = 1'000, .videos = 200}, 1);
  std::map<std::int32_t, int> stars;
  for (std::uint64_t video = 0; video < 200; ++video)
    for (const auto& rating : world.ratings(video, 50)) ++stars[rating.rating.value()];
  EXPECT_EQ(stars.size(), 5u);
  EXPECT_EQ(stars.begin()->first, 1);
  EXPECT_EQ(stars.rbegin()->first, 5);
  EXPECT_GT(stars[4] + stars[5], 6'000);
  EXPECT_GT(stars[1] + stars[2], 500);
}

TEST(World, PopularTagsAreUsedMuchMoreThanOthers) {
  const World world({.users = 1, .videos = 5'000}, 1);
  std::map<std::string, int> uses;
  for (std::uint64_t i = 0; i < 5'000; ++i)
    for (const auto& tag : world.video(i).tags) ++uses[tag];
  std::vector<int> counts;
  for (const auto& [tag, count] : uses) counts.push_back(count);
  std::ranges::sort(counts, std::greater());
  EXPECT_GT(counts.size(), 300u);
  EXPECT_GT(counts[0], 10 * counts[100]);
}

TEST(World, AllUsersHaveThePasswordThatHelpTells) {
  const World world({.users = 2}, 1);
  const auto credentials = world.credentials(1);
  EXPECT_EQ(credentials.email, fold_case(world.user(1).email));
  EXPECT_EQ(credentials.userid, world.user(1).userid);
  Passwords passwords(1, 1);
  const Context context;
  EXPECT_TRUE(run(passwords.verify(context, credentials.password, std::string(password))));
  EXPECT_FALSE(run(passwords.verify(context, credentials.password, "another")));
}

}  // namespace
}  // namespace killrvideo::generate
