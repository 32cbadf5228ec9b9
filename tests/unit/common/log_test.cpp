#include "common/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace killrvideo::log {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;

// What `write` puts on standard error.
template <class Write>
std::string logged(Write write) {
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

std::string value(std::string_view text) {
  const auto line = logged([&] { info("m", {{"key", text}}); });
  const auto begin = line.find("key=") + 4;
  return line.substr(begin, line.size() - begin - 1);
}

TEST(Log, writes_time_level_message_and_fields) {
  const auto line = logged([] {
    info("call ended", {{"rpc", "GetVideo"}, {"request", 17}, {"ok", true}, {"seconds", 0.25}});
  });
  EXPECT_THAT(line,
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z "
                           "info  call ended rpc=GetVideo request=17 ok=true "
                           "seconds=0\\.25\n"));
}

TEST(Log, names_all_levels_in_five_characters) {
  set_level(Level::trace);
  EXPECT_THAT(logged([] { write(Level::trace, "m"); }), EndsWith("Z trace m\n"));
  EXPECT_THAT(logged([] { debug("m"); }), EndsWith("Z debug m\n"));
  EXPECT_THAT(logged([] { info("m"); }), EndsWith("Z info  m\n"));
  EXPECT_THAT(logged([] { warn("m"); }), EndsWith("Z warn  m\n"));
  EXPECT_THAT(logged([] { error("m"); }), EndsWith("Z error m\n"));
  set_level(Level::info);
}

TEST(Log, leaves_out_what_is_below_the_level) {
  set_level(Level::warn);
  EXPECT_FALSE(enabled(Level::info));
  EXPECT_TRUE(enabled(Level::warn));
  EXPECT_EQ(logged([] { info("m"); }), "");
  EXPECT_THAT(logged([] { warn("m"); }), EndsWith("m\n"));
  set_level(Level::info);
}

TEST(Log, quotes_only_where_it_must) {
  EXPECT_EQ(value("plain-word/1.5:x"), "plain-word/1.5:x");
  EXPECT_EQ(value(""), "\"\"");
  EXPECT_EQ(value("two words"), "\"two words\"");
  EXPECT_EQ(value("a=b"), "\"a=b\"");
  EXPECT_EQ(value("say \"hi\""), "\"say \\\"hi\\\"\"");
  EXPECT_EQ(value("back\\slash"), "\"back\\\\slash\"");
  EXPECT_EQ(value("grüße"), "\"grüße\"");
}

TEST(Log, escapes_what_would_break_a_line_or_a_terminal) {
  EXPECT_EQ(value("a\nb\r\tc"), "\"a\\nb\\r\\tc\"");
  EXPECT_EQ(value("\x1b[31m"), "\"\\u001b[31m\"");
  EXPECT_EQ(value(std::string_view("nul\0", 4)), "\"nul\\u0000\"");
  EXPECT_EQ(value("\u2028"), "\"\\u2028\"");
  EXPECT_EQ(value("\u009b"), "\"\\u009b\"");
  EXPECT_EQ(value("\xff\xc3"), "\"\\xff\\xc3\"");
  EXPECT_THAT(logged([] { info("first\nsecond"); }), EndsWith("info  first\\nsecond\n"));
}

RC_GTEST_PROP(Log, keeps_any_event_on_one_line,
              (const std::string& message, const std::string& text)) {
  const auto line = logged([&] { info(message, {{"key", text}}); });
  RC_ASSERT(std::ranges::count(line, '\n') == 1);
  RC_ASSERT(line.back() == '\n');
  RC_ASSERT(std::ranges::none_of(line.substr(0, line.size() - 1), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  }));
}

}  // namespace
}  // namespace killrvideo::log
