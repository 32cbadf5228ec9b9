#include "common/expects.hpp"

#include <gmock/gmock.h>

#include "common/error.hpp"

namespace killrvideo {
namespace {

TEST(Expects, passes_what_holds) { EXPECT_NO_THROW(expects(true, "it holds")); }

TEST(Expects, names_place_and_requirement) {
  const auto line = std::source_location::current().line() + 2;
  try {
    expects(false, "the list has an entry");
    FAIL() << "it has not thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::internal);
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("expects_test.cpp:" + std::to_string(line)),
                               testing::HasSubstr("the list has an entry")));
  }
}

}  // namespace
}  // namespace killrvideo
