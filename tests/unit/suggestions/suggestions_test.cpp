#include "suggestions/suggestions.hpp"

#include <gmock/gmock.h>

#include <set>

#include "catalog/ranked_list.hpp"
#include "common/clock.hpp"
#include "common/time_limits.hpp"
#include "suggestions/ratings_model.hpp"
#include "suggestions/rebuild.hpp"
#include "suggestions/recommender.hpp"
#include "tags/tag_index.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SuggestionsTest : public ::testing::Test {
 protected:
  /// The newest video, of which the name says what it is.
  Video newest(const std::string& name, const storage::TextSet& tags, UserId by) {
    Video video{};
    video.videoid = VideoId(Uuid::random());
    video.userid = by;
    video.name = name;
    video.tags = tags;
    video.added_date = clock_ += 1s;
    return video;
  }

  VideoId add(const std::string& name, const storage::TextSet& tags = {}, UserId by = UserId{}) {
    const Video video = newest(name, tags, by);
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
    run(tag_index_.index({}, video.videoid));
    return video.videoid;
  }

  /// One that another tool writes: into the shared tables, and no event tells of it.
  void load(const std::string& name, const storage::TextSet& tags, UserId by = UserId{}) {
    const Video video = newest(name, tags, by);
    storage::Batch batch;
    insert_video(batch, video);
    for (const auto& tag : tags) batch.insert(videos_by_tag, tagged(video, tag));
    run(store_->commit({}, std::move(batch)));
  }

  void remove(const VideoId& video) {
    run(store_->commit({}, storage::Batch().remove(videos, {video})));
  }

  void rate(const UserId& user, const VideoId& video, int stars) {
    run(store_->commit({}, storage::Batch().insert(video_ratings_by_user,
                                                   {video, user, stars, Timestamp{clock_ += 1s}})));
    run(recommender_.rated({}, video, user));
  }

  static std::vector<std::string> names(const PageResult<Video>& page) {
    std::vector<std::string> names;
    for (const Video& video : page.rows) names.push_back(video.name);
    return names;
  }
  std::vector<std::string> related(const VideoId& video, int size = 100) {
    return names(run(suggestions_.related(context_, video, size, {})));
  }
  std::vector<std::string> for_user(const UserId& user, int size = 100) {
    return names(run(suggestions_.for_user(context_, user, size, {})));
  }

  template <class Ask>
  std::vector<std::string> walk(Ask ask) {
    std::vector<std::string> all;
    std::string token;
    do {
      const auto page = run(ask(token));
      EXPECT_FALSE(page.rows.empty()) << "a token for nothing";
      for (const auto& name : names(page)) all.push_back(name);
      token = page.paging_state;
    } while (!token.empty());
    return all;
  }

  /// The same where pages may be empty though more follow.
  template <class Ask>
  std::vector<std::string> walk_all(Ask ask) {
    std::vector<std::string> all;
    std::string token;
    do {
      const auto page = run(ask(token));
      for (const auto& name : names(page)) all.push_back(name);
      token = page.paging_state;
    } while (!token.empty());
    return all;
  }

  static UserId new_user() { return UserId(Uuid::random()); }

  const Context context_{};
  storage::TemporaryStore store_;
  Recommender recommender_{*store_, {}};
  TagIndex tag_index_{*store_};
  Suggestions suggestions_{*store_, &recommender_.changes()};
  Timestamp clock_ = now() - 24h;
};

TEST_F(SuggestionsTest, RatingsDecideWhatIsRelatedThenTags) {
  const auto v = add("v", {"x", "y"});
  const auto loved = add("loved"), liked = add("liked"), bad = add("bad");
  add("tagged", {"x"});
  add("unrelated", {"z"});
  for (int i = 0; i < 3; ++i) {
    const auto user = new_user();
    rate(user, v, 4);
    rate(user, loved, 5);
    rate(user, liked, 3);
    rate(user, bad, 2);
  }
  EXPECT_THAT(related(v), ElementsAre("loved", "liked", "tagged"));
}

TEST_F(SuggestionsTest, MoreSharedTagsComeFirstThenRarerOnes) {
  const auto v = add("v", {"common", "rare", "other"});
  add("common", {"common"});
  add("rare", {"rare"});
  add("both", {"common", "rare"});
  add("none", {"elsewhere"});
  for (int i = 0; i < 5; ++i) add("filler", {"common"});
  const auto found = related(v);
  ASSERT_EQ(found.size(), 8);
  EXPECT_EQ(found[0], "both");
  EXPECT_EQ(found[1], "rare");
}

TEST_F(SuggestionsTest, WhatIsGoneIsNeverShown) {
  const auto user = new_user();
  const auto v = add("v", {"x"}), rated = add("rated"), tagged = add("tagged", {"x"});
  add("stays", {"x"});
  rate(user, v, 5);
  rate(user, rated, 5);
  remove(rated);
  remove(tagged);
  EXPECT_THAT(related(v), ElementsAre("stays"));
  const auto somebody = new_user();
  EXPECT_THAT(for_user(somebody), UnorderedElementsAre("v", "stays"));
}

TEST_F(SuggestionsTest, AnUnknownVideoHasNothingRelated) {
  EXPECT_THAT(related(VideoId(Uuid::random())), IsEmpty());
}

TEST_F(SuggestionsTest, FiveAreUsualAndSizesAreChecked) {
  const auto v = add("v", {"x"});
  for (int i = 0; i < 8; ++i) add("other", {"x"});
  EXPECT_EQ(related(v, 0).size(), 5);
  EXPECT_EQ(related(v, 1).size(), 1);
  EXPECT_EQ(related(v, 5'000).size(), 8);
  EXPECT_EQ(for_user(new_user(), 0).size(), 5);
  EXPECT_THROW(related(v, -1), Error);
  EXPECT_THROW(for_user(new_user(), -1), Error);
}

TEST_F(SuggestionsTest, AUserGetsWhatOthersLikeWhoLikeTheSame) {
  const auto a = add("a"), b = add("b"), best = add("best"), second = add("second");
  for (int i = 0; i < 2; ++i) {
    const auto other = new_user();
    rate(other, a, 5);
    rate(other, b, 4);
    rate(other, best, 5);
    rate(other, second, 3);
  }
  const auto user = new_user();
  rate(user, a, 4);
  const auto suggested = for_user(user, 3);
  EXPECT_THAT(suggested, ElementsAre("best", "b", "second"));
}

TEST_F(SuggestionsTest, SuggestedIsTheSumOverWhatTheUserLiked) {
  const auto a = add("a"), b = add("b"), with_a = add("with a"), with_both = add("with both");
  const auto one = new_user(), two = new_user();
  rate(one, a, 5);
  rate(one, with_a, 5);
  rate(one, with_both, 3);
  rate(two, b, 5);
  rate(two, with_both, 4);
  const auto user = new_user();
  rate(user, a, 5);
  rate(user, b, 5);
  // 3 + 4 against 5.
  EXPECT_THAT(for_user(user, 2), ElementsAre("with both", "with a"));
}

TEST_F(SuggestionsTest, AUserNeverGetsWhatTheyRatedOrUploaded) {
  const auto user = new_user();
  const auto a = add("a"), own = add("own", {}, user), disliked = add("disliked");
  const auto unseen = add("unseen");
  const auto other = new_user();
  for (const auto& video : {a, own, disliked, unseen}) rate(other, video, 5);
  rate(user, a, 5);
  rate(user, disliked, 1);
  EXPECT_THAT(for_user(user), ElementsAre("unseen"));
  EXPECT_THAT(walk([&](const std::string& token) {
                return suggestions_.for_user(context_, user, 1, token);
              }),
              ElementsAre("unseen"));
}

TEST_F(SuggestionsTest, AUserWithoutRatingsGetsWhatIsPopularAndNew) {
  const auto old_favourite = add("old favourite");
  for (int i = 0; i < 30; ++i) add("forgotten");
  add("newer");
  add("newest");
  for (int i = 0; i < 3; ++i) rate(new_user(), old_favourite, 5);
  EXPECT_THAT(for_user(new_user(), 3), ElementsAre("old favourite", "newest", "newer"));
}

TEST_F(SuggestionsTest, PopularVideosOfAllShardsAreInOneOrder) {
  std::vector<std::string> by_stars;
  const auto last_byte = [](std::uint8_t byte) {
    auto id = VideoId(Uuid::random());
    id.bytes[15] = byte;
    return id;
  };
  for (int i = 0; i < 24; ++i) {
    Video video = newest("video " + std::to_string(i), {}, UserId{});
    video.videoid = last_byte(static_cast<std::uint8_t>(i * 7));
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
    // Each has more stars than the one before, and is in another shard.
    for (int n = 0; n <= i; ++n) rate(new_user(), video.videoid, 3);
    by_stars.insert(by_stars.begin(), video.name);
  }
  add("the newest");
  // What is popular and what is new take turns; all videos here are both.
  auto shown = for_user(new_user());
  EXPECT_THAT(shown, testing::Contains("the newest"));
  std::erase(shown, "the newest");
  EXPECT_EQ(shown, by_stars);
  std::set<VideoId, decltype([](const auto& a, const auto& b) { return a.bytes < b.bytes; })> used;
  for (const auto& row : run(store_->scan({}, suggestions_related, {}, 100)).rows)
    used.insert(row.videoid);
  EXPECT_EQ(used.size(), popularity_shards().size());
}

TEST_F(SuggestionsTest, WalksShowEachOnceWhateverThePageSize) {
  const auto v = add("v", {"x", "y"});
  std::set<std::string> wanted;
  for (int i = 0; i < 40; ++i) {
    const auto name = "video " + std::to_string(i);
    const auto video = add(name, {i % 3 == 0 ? "x" : "y"});
    wanted.insert(name);
    if (i % 2 != 0) continue;
    const auto user = new_user();
    rate(user, v, 3);
    rate(user, video, 3 + i % 3);
  }
  const auto whole = related(v);
  EXPECT_EQ(std::set(whole.begin(), whole.end()), wanted);
  EXPECT_EQ(whole.size(), wanted.size());
  const auto somebody = new_user(), fan = new_user();
  rate(fan, v, 5);
  wanted.insert("v");
  const auto for_somebody = for_user(somebody);
  EXPECT_EQ(std::set(for_somebody.begin(), for_somebody.end()), wanted);
  EXPECT_EQ(for_somebody.size(), wanted.size());
  for (int size : {1, 2, 7, 20, 39, 40, 41}) {
    EXPECT_EQ(
        walk([&](const auto& token) { return suggestions_.related(context_, v, size, token); }),
        whole);
    const auto walked = walk(
        [&](const auto& token) { return suggestions_.for_user(context_, somebody, size, token); });
    EXPECT_EQ(std::set(walked.begin(), walked.end()), wanted);
    EXPECT_EQ(walked.size(), wanted.size());
    EXPECT_EQ(walk([&](const auto& token) {
                return suggestions_.for_user(context_, fan, size, token);
              }).size(),
              wanted.size() - 1);
  }
}

TEST_F(SuggestionsTest, AllVideosOfALongTagAreRelatedTheNewestFirst) {
  const auto v = add("v", {"x", "y"});
  std::set<std::string> wanted;
  for (std::size_t i = 0; i < TagList::most + 150; ++i) {
    const auto name = "video " + std::to_string(i);
    add(name, i % 3 == 0 ? storage::TextSet{"x", "y"} : storage::TextSet{"x"});
    wanted.insert(name);
  }
  for (int size : {1, 30, 1'000}) {
    const auto walked =
        walk([&](const auto& token) { return suggestions_.related(context_, v, size, token); });
    EXPECT_EQ(std::set(walked.begin(), walked.end()), wanted);
    EXPECT_EQ(walked.size(), wanted.size());
  }
  // Those that share both tags, all of which are in the list of one of them.
  for (const auto& name : related(v, 100)) EXPECT_EQ(std::stoi(name.substr(6)) % 3, 0) << name;
}

TEST_F(SuggestionsTest, WhatSharesNoTagAnyMoreIsNotShown) {
  const auto v = add("v", {"x"}), changed = add("changed", {"x"});
  add("stays", {"x"});
  Video video = *run(store_->get({}, videos, {changed}));
  video.tags = {"other"};
  run(store_->commit({}, storage::Batch().insert(videos, video)));
  EXPECT_THAT(related(v), ElementsAre("stays"));
}

// As after another tool has truncated the tables.
TEST_F(SuggestionsTest, AnIdThatComesBackWithOtherTagsIsRelatedByTheseOnly) {
  const auto by_old = add("by old", {"old"}), by_new = add("by new", {"new"});
  const auto by_both = add("by both", {"kept", "old"});
  add("other", {"kept"});
  const auto id = add("before", {"old", "kept"});
  EXPECT_THAT(related(by_both, 1), ElementsAre("before"));
  Video video = *run(store_->get({}, videos, {id}));
  storage::Batch batch;
  for (const auto& tag : video.tags) batch.remove(videos_by_tag, {tag, id});
  batch.remove(latest_videos, {day_of(*video.added_date), *video.added_date, id});
  video.name = "after";
  video.tags = {"new", "kept"};
  video.added_date = clock_ += 1s;
  insert_video(batch, video);
  run(store_->commit({}, std::move(batch)));
  run(tag_index_.index({}, id));
  EXPECT_THAT(related(by_old), ElementsAre("by both"));
  EXPECT_THAT(related(by_new), ElementsAre("after"));
  EXPECT_THAT(related(by_both), UnorderedElementsAre("after", "other", "by old"));
  EXPECT_THAT(related(id), UnorderedElementsAre("by new", "by both", "other"));
}

TEST_F(SuggestionsTest, ATagThatAVideoHasLostCausesARebuildIfItIsStillReadAfterSomeTime) {
  StaleScores::Clock::time_point time{};
  Suggestions suggestions(*store_, nullptr, [&] { return time; });
  const auto v = add("v", {"x", "y"}), changed = add("changed", {"x", "y"});
  add("third", {"x"});
  rebuild_suggestions(*store_, tag_index_, {.in_flight = 2}, [](auto...) {});
  Video video = *run(store_->get({}, videos, {changed}));
  video.tags = {"y"};
  run(store_->commit({}, storage::Batch().insert(videos, video)));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(rebuild_is_needed(*store_)) << "perhaps its event is on its way";
    EXPECT_THAT(names(run(suggestions.related(context_, v, 5, {}))),
                UnorderedElementsAre("changed", "third"));
    time += time_limits::scores_stale_after;
  }
  EXPECT_TRUE(rebuild_is_needed(*store_));
}

TEST_F(SuggestionsTest, ACachedPageIsNotUsedWhenSomethingHasChanged) {
  const auto a = add("a"), b = add("b"), c = add("c");
  const auto user = new_user();
  rate(user, a, 5);
  const auto rated_by_another = [&](const VideoId& video, int stars) {
    const auto other = new_user();
    rate(other, a, 5);
    rate(other, video, stars);
  };
  rated_by_another(b, 4);
  EXPECT_THAT(for_user(user, 1), ElementsAre("b"));
  rated_by_another(c, 5);
  EXPECT_THAT(for_user(user, 2), ElementsAre("c", "b"));
  rate(user, c, 1);
  EXPECT_THAT(for_user(user, 1), ElementsAre("b"));
  rate(user, b, 5);
  EXPECT_THAT(for_user(user), IsEmpty());
}

TEST_F(SuggestionsTest, TokensOfOthersAreRefused) {
  const auto v = add("v", {"x"}), w = add("w", {"x"});
  add("third", {"x"});
  const auto page = run(suggestions_.related(context_, v, 1, {}));
  ASSERT_FALSE(page.paging_state.empty());
  EXPECT_THROW(run(suggestions_.related(context_, w, 1, page.paging_state)), Error);
  EXPECT_THROW(run(suggestions_.for_user(context_, new_user(), 1, page.paging_state)), Error);
  EXPECT_THROW(run(suggestions_.related(context_, v, 1, "00")), Error);
}

TEST_F(SuggestionsTest, ARebuildFindsTagsThatNoEventHasToldOf) {
  const auto v = add("v", {"x"});
  Video loaded{};
  loaded.videoid = VideoId(Uuid::random());
  loaded.name = "loaded";
  loaded.tags = {"x"};
  run(store_->commit({}, storage::Batch().insert(videos, loaded)));
  const auto stale = add("stale", {"x"});
  Video changed = *run(store_->get({}, videos, {stale}));
  changed.tags = {"other"};
  run(store_->commit({}, storage::Batch().insert(videos, changed)));
  rebuild_suggestions(*store_, tag_index_, {.in_flight = 2}, [](auto...) {});
  EXPECT_THAT(related(v), ElementsAre("loaded"));
}

TEST_F(SuggestionsTest, VideosThatOtherToolsHaveTaggedStayRelated) {
  load("loaded before", {"x"});
  const auto v = add("v", {"x"});
  EXPECT_THAT(related(v), ElementsAre("loaded before"));
  load("loaded after", {"x"});
  EXPECT_THAT(related(v), UnorderedElementsAre("loaded before", "loaded after"));
  add("added", {"x"});
  EXPECT_THAT(related(v), UnorderedElementsAre("loaded before", "loaded after", "added"));
}

TEST_F(SuggestionsTest, OfTagsWithMoreVideosThanAListHasTheRarerOneStillComesFirst) {
  for (std::size_t i = 0; i < TagList::most + 100; ++i) load("common", {"a common one"});
  for (std::size_t i = 0; i < TagList::most + 50; ++i) load("rare", {"rarer"});
  const auto v = add("v", {"a common one", "rarer"});
  for (const auto& name : related(v, 100)) EXPECT_EQ(name, "rare");
  const auto total = [&](const std::string& tag) {
    return run(store_->get({}, suggestions_tags, {tag}))->total;
  };
  EXPECT_EQ(total("rarer"), TagList::most + 51);
  run(tag_index_.index({}, v));
  EXPECT_EQ(total("rarer"), TagList::most + 51) << "counted once";
  rebuild_suggestions(*store_, tag_index_, {.in_flight = 2}, [](auto...) {});
  EXPECT_EQ(total("rarer"), TagList::most + 51);
}

TEST_F(SuggestionsTest, AVideoThatComesAgainWithAnotherTimeIsInListsOnce) {
  const auto v = add("v", {"x", "y"}), again = add("again", {"x"});
  add("both", {"x", "y"});
  Video video = *run(store_->get({}, videos, {again}));
  *video.added_date += 1h;
  run(store_->commit({}, storage::Batch().insert(videos, video)));
  run(tag_index_.index({}, again));
  EXPECT_THAT(related(v), ElementsAre("both", "again"));
}

TEST_F(SuggestionsTest, AListingGoesOnHoweverMuchIsLeftOut) {
  const auto user = new_user();
  load("an old one", {});
  for (int i = 0; i < 1'200; ++i) load("own", {}, user);
  EXPECT_THAT(
      walk_all([&](const auto& token) { return suggestions_.for_user(context_, user, 5, token); }),
      ElementsAre("an old one"));

  const auto v = add("v", {"x"});
  storage::Batch batch;
  for (int i = 0; i < 6'000; ++i)  // rows of videos that are gone, and one at the end
    batch.insert(videos_by_tag, {"x", VideoId(Uuid::random()), {}, {}, {}, {}, {}});
  Video last{};
  last.videoid.bytes.fill(0xff);
  last.videoid.bytes[6] = 0x4f;
  last.name = "the last one";
  last.tags = {"x"};
  batch.insert(videos, last);
  batch.insert(videos_by_tag, tagged(last, "x"));
  run(store_->commit({}, std::move(batch)));
  EXPECT_THAT(
      walk_all([&](const auto& token) { return suggestions_.related(context_, v, 5, token); }),
      ElementsAre("the last one"));
}

TEST_F(SuggestionsTest, AVideoThatIsTaggedDuringARebuildIsNotLost) {
  const auto v = add("v", {"x"});
  bool added = false;
  rebuild_suggestions(*store_, tag_index_, {.in_flight = 2}, [&](std::string_view what, auto...) {
    if (what != "lists of tags" || std::exchange(added, true)) return;
    add("added meanwhile", {"x", "y"});
  });
  EXPECT_TRUE(added);
  EXPECT_THAT(related(v), ElementsAre("added meanwhile"));
}

// Where other tools change the ratings, too, which no event tells of.
class SharedSuggestionsTest : public SuggestionsTest {
 protected:
  void forget_rating(const UserId& user, const VideoId& video) {
    run(store_->commit({}, storage::Batch().remove(video_ratings_by_user, {video, user})));
  }
  std::vector<std::string> related(const VideoId& video) {
    return names(run(shared_.related(context_, video, 100, {})));
  }
  std::vector<std::string> for_user(const UserId& user, int size) {
    return names(run(shared_.for_user(context_, user, size, {})));
  }

  Suggestions shared_{*store_, nullptr};
};

TEST_F(SharedSuggestionsTest, RatingsThatAreGoneDecideNothing) {
  const auto v = add("v", {"x"}), a = add("a"), b = add("b"), tagged = add("tagged", {"x"});
  const auto one = new_user(), two = new_user();
  for (const auto& video : {v, a, tagged}) rate(one, video, 5);
  for (const auto& video : {v, b}) rate(two, video, 4);
  EXPECT_THAT(related(v), UnorderedElementsAre("a", "b", "tagged"));
  forget_rating(one, a);
  EXPECT_THAT(related(v), ElementsAre("tagged", "b"));
  forget_rating(one, tagged);
  EXPECT_THAT(related(v), ElementsAre("b", "tagged")) << "now it is related by its tag only";
  forget_rating(two, v);
  EXPECT_THAT(related(v), ElementsAre("tagged"));
}

TEST_F(SharedSuggestionsTest, WhatAUserDoesNotLikeAnyMoreSuggestsNothing) {
  const auto a = add("a"), b = add("b"), with_a = add("with a"), with_b = add("with b");
  const auto user = new_user();
  for (int i = 0; i < 2; ++i) {
    const auto one = new_user(), other = new_user();
    for (const auto& video : {a, with_a}) rate(one, video, 5);
    for (const auto& video : {b, with_b}) rate(other, video, 3);
  }
  for (const auto& video : {a, b}) rate(user, video, 5);
  EXPECT_THAT(for_user(user, 1), ElementsAre("with a"));
  forget_rating(user, a);
  EXPECT_THAT(for_user(user, 1), ElementsAre("with b"));
}

TEST_F(SharedSuggestionsTest, WhatIsStillStaleAfterSomeTimeCausesARebuild) {
  StaleScores::Clock::time_point time{};
  StaleScores stale(*store_, [&] { return time; });
  rebuild_suggestions(*store_, tag_index_, {.in_flight = 2}, [](auto...) {});
  const auto one = Uuid::random(), other = Uuid::random();
  run(stale.met(one, other));
  time += time_limits::scores_stale_after / 2;
  run(stale.met(one, other));
  EXPECT_FALSE(rebuild_is_needed(*store_)) << "perhaps its event is on its way";
  time += time_limits::scores_stale_after;
  run(stale.met(other, one));
  add("not empty");
  EXPECT_FALSE(rebuild_is_needed(*store_)) << "that is another one";
  run(stale.met(one, other));
  EXPECT_TRUE(rebuild_is_needed(*store_));
}

}  // namespace
}  // namespace killrvideo
