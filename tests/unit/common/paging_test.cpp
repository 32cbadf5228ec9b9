#include "common/paging.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "common/error.hpp"

namespace killrvideo {
namespace {

bool refused(const std::string& listing, const std::optional<std::string>& start,
             const std::string& token) {
  try {
    Cursor cursor(listing, start, token);
    return false;
  } catch (const Error& error) {
    return error.code() == Code::invalid_argument && error.field() == "paging_state";
  }
}

RC_GTEST_PROP(Cursor, BringsTheStateBack, (const std::string& state)) {
  RC_PRE(!state.empty());
  std::string token = Cursor("listing", {}, "").token(state);
  RC_ASSERT(Cursor("listing", {}, token).state() == state);
}

RC_GTEST_PROP(Cursor, RefusesEveryAlteredDigit, (const std::string& state)) {
  RC_PRE(!state.empty());
  std::string token = Cursor("listing", {}, "").token(state);
  auto at = *rc::gen::inRange<std::size_t>(0, token.size());
  std::string altered = token;
  altered[at] = altered[at] == '0' ? '1' : '0';
  RC_ASSERT(refused("listing", {}, altered));
  RC_ASSERT(refused("listing", {}, token.substr(0, at + 1 == token.size() ? at : at + 1)));
}

TEST(Cursor, HasNoTokenWithoutMore) { EXPECT_EQ(Cursor("listing", {}, "").token(""), ""); }

TEST(Cursor, BelongsToItsListing) {
  std::string token = Cursor("comments of a", {}, "").token("x");
  EXPECT_FALSE(refused("comments of a", {}, token));
  EXPECT_TRUE(refused("comments of b", {}, token));
}

TEST(Cursor, TakesTheFirstStartingPointOrNone) {
  std::string token = Cursor("listing", "here", "").token("x");
  EXPECT_FALSE(refused("listing", {}, token));
  EXPECT_FALSE(refused("listing", "here", token));
  EXPECT_TRUE(refused("listing", "there", token));
  // The starting point stays the first one's, also after a request that left it out.
  std::string next = Cursor("listing", {}, token).token("y");
  EXPECT_FALSE(refused("listing", "here", next));
  EXPECT_TRUE(refused("listing", "there", next));
  // A listing that began without one cannot get one later.
  EXPECT_TRUE(refused("listing", "here", Cursor("listing", {}, "").token("x")));
}

TEST(Cursor, RefusesWhatIsNoToken) {
  for (const char* text : {"0", "zz", "00", "not hex at all", "0102030405060708090a0b0c0d0e0f1011"})
    EXPECT_TRUE(refused("listing", {}, text)) << text;
}

}  // namespace
}  // namespace killrvideo
