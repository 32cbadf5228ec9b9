#include "common/trace.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace killrvideo {
namespace {

const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Trace, IsReadAndWrittenAsTheStandardSays) {
  const auto trace = Trace::parse(parent);
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->id_text(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(trace->span_text(), "b7ad6b7169203331");
  EXPECT_TRUE(trace->sampled);
  EXPECT_EQ(trace->to_string(), parent);
}

TEST(Trace, KeepsOfTheFlagsOnlyTheOneThatIsKnown) {
  EXPECT_TRUE(Trace::parse(parent.substr(0, 53) + "ff")->to_string().ends_with("-01"));
  EXPECT_TRUE(Trace::parse(parent.substr(0, 53) + "fe")->to_string().ends_with("-00"));
}

TEST(Trace, OfALaterVersionMayHaveMoreBehindIt) {
  const auto later = "01" + parent.substr(2);
  EXPECT_TRUE(Trace::parse(later));
  EXPECT_TRUE(Trace::parse(later + "-more"));
  EXPECT_FALSE(Trace::parse(later + "more"));
  EXPECT_FALSE(Trace::parse(parent + "-more"));
}

TEST(Trace, IsNotReadFromAnythingElse) {
  for (std::size_t size = 0; size < parent.size(); ++size)
    EXPECT_FALSE(Trace::parse(parent.substr(0, size))) << size;
  for (const char* wrong : {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
                            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    EXPECT_FALSE(Trace::parse(wrong)) << wrong;
}

RC_GTEST_PROP(Trace, ReadsAnyTextWithoutHarm, (const std::string& text)) {
  if (const auto trace = Trace::parse(text)) RC_ASSERT(trace->exists());
}

TEST(Trace, GoesOnInANewSpan) {
  const auto next = Trace::continued(parent);
  EXPECT_EQ(next.id_text(), Trace::parse(parent)->id_text());
  EXPECT_NE(next.span_text(), Trace::parse(parent)->span_text());
  EXPECT_TRUE(next.sampled);
}

TEST(Trace, BeginsWhereNoneIsKnown) {
  const auto one = Trace::continued(""), other = Trace::begin();
  EXPECT_TRUE(one.exists());
  EXPECT_FALSE(one.sampled);
  EXPECT_NE(one, other);
  EXPECT_EQ(Trace::parse(one.to_string()), one);
}

TEST(Trace, OfNothingIsNoHeader) {
  EXPECT_FALSE(Trace().exists());
  EXPECT_EQ(Trace().to_string(), "");
}

}  // namespace
}  // namespace killrvideo
