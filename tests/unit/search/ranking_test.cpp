// What comes before what, on a few videos made for the purpose.
#include <gmock/gmock.h>

#include "search/sample_index.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::string filler = "one two three four five six seven eight nine ten eleven twelve";

TEST(Ranking, NameThenTagsThenDescription) {
  SampleIndex index({{"a film", "", "a zebra"}, {"a film", "zebra", ""}, {"a zebra", "", ""}});
  EXPECT_THAT(index.found("zebra"), ElementsAre(2, 1, 0));
}

TEST(Ranking, AMatchInALongNameIsStillWorthMoreThanOneInATag) {
  SampleIndex index({{"a film", "zebra", ""}, {filler + " " + filler + " zebra", "", filler}});
  EXPECT_THAT(index.found("zebra"), ElementsAre(1, 0));
}

TEST(Ranking, RepeatingAWordInTheDescriptionDoesNotMakeUpForTheName) {
  std::string often;
  for (int i = 0; i < 1'000; ++i) often += "zebra ";
  SampleIndex index({{"a film", "", often}, {"the zebra " + filler, "", ""}});
  EXPECT_THAT(index.found("zebra"), ElementsAre(1, 0));
}

TEST(Ranking, MoreOfTheWordsBeforeFewer) {
  SampleIndex index({{"zebra"}, {"lion zebra"}, {"zebra lion tiger"}, {"bear"}});
  EXPECT_THAT(index.found("tiger lion zebra"), ElementsAre(2, 1, 0));
}

TEST(Ranking, RareWordsBeforeFrequentOnes) {
  SampleIndex index({{"cat film"}, {"cat video"}, {"cat song"}, {"okapi song"}});
  EXPECT_EQ(index.found("cat okapi").front(), 3u);
}

TEST(Ranking, AShortNameBeforeALongOne) {
  SampleIndex index({{"frozen planet behind the scenes"}, {"frozen"}});
  EXPECT_THAT(index.found("frozen"), ElementsAre(1, 0));
}

TEST(Ranking, AmongEqualOnesTheLastAddedFirst) {
  SampleIndex index;
  for (std::size_t i : {3u, 1u, 2u}) index.put(i, {"zebra"});
  EXPECT_THAT(index.found("zebra"), ElementsAre(2, 1, 3));
}

TEST(Ranking, AMisspeltWordFindsTheNearestOnes) {
  SampleIndex index({{"zebra"}, {"zebras"}, {"cobra"}, {"crocodile"}});
  EXPECT_THAT(index.found("zebrq"), ElementsAre(0));
  EXPECT_THAT(index.found("zerba"), ElementsAre(0));
  EXPECT_THAT(index.found("zebrass"), ElementsAre(1));
  EXPECT_THAT(index.found("krokodile"), ElementsAre(3));
  EXPECT_THAT(index.found("krokodiles"), IsEmpty());
}

TEST(Ranking, AllNearestWordsAreMeant) {
  SampleIndex index({{"bat"}, {"cat"}, {"rat"}, {"boat"}, {"zebra"}});
  EXPECT_THAT(index.found("xat"), UnorderedElementsAre(0, 1, 2));
}

TEST(Ranking, AWordThatIsKnownIsNotCorrected) {
  SampleIndex index({{"bat"}, {"cat"}});
  EXPECT_THAT(index.found("cat"), ElementsAre(1));
}

TEST(Ranking, WhatOnlyNearWordsFindComesAfterEveryExactMatch) {
  std::vector<SampleVideo> videos(60, {"a film", "", "common " + filler + filler});
  videos.push_back({"okapi okapi okapi", "okapi", "okapi"});
  SampleIndex index(videos);
  const auto found = index.found("common okapy");
  ASSERT_EQ(found.size(), 61u);
  EXPECT_EQ(found.back(), 60u);
}

TEST(Ranking, AndYetMoreMatchingWordsComeFirst) {
  SampleIndex index({{"common thing"}, {"common okapi"}, {"common song"}});
  EXPECT_EQ(index.found("common okapy").front(), 1u);
}

TEST(Ranking, OneLetterAndNumbers) {
  SampleIndex index({{"plan b"}, {"2001"}, {"b b king"}});
  EXPECT_THAT(index.found("b"), UnorderedElementsAre(0, 2));
  EXPECT_THAT(index.found("2001"), ElementsAre(1));
  EXPECT_THAT(index.found("q"), IsEmpty());
}

}  // namespace
}  // namespace killrvideo
