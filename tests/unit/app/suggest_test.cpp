#include "app/suggest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace killrvideo {
namespace {

constexpr std::array<std::string_view, 5> names{"serve", "import", "backup", "restore",
                                                "check-config"};

TEST(Suggest, finds_the_nearest_name) {
  EXPECT_EQ(nearest("serv", names), "serve");
  EXPECT_EQ(nearest("srevr", names), "");
  EXPECT_EQ(nearest("esrve", names), "serve");
  EXPECT_EQ(nearest("improt", names), "import");
  EXPECT_EQ(nearest("check", names), "check-config");
  EXPECT_EQ(nearest("restor", names), "restore");
}

TEST(Suggest, says_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest("quux", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(did_you_mean("quux", names), "");
  EXPECT_EQ(did_you_mean("bakcup", names), "; did you mean 'backup'?");
}

}  // namespace
}  // namespace killrvideo
