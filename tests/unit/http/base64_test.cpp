#include "http/base64.hpp"

#include <gtest/gtest.h>

#include <array>

namespace killrvideo {
namespace {

using namespace std::string_view_literals;

TEST(Base64, writes_and_reads_the_examples_of_its_standard) {
  // RFC 4648, section 10.
  constexpr std::array examples{std::pair(""sv, ""sv),
                                std::pair("f"sv, "Zg=="sv),
                                std::pair("fo"sv, "Zm8="sv),
                                std::pair("foo"sv, "Zm9v"sv),
                                std::pair("foob"sv, "Zm9vYg=="sv),
                                std::pair("foobar"sv, "Zm9vYmFy"sv)};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, takes_bytes_of_all_values) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, refuses_what_is_not_base64) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zm9v!", "Zg==Zg==", "Zm 9v"})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace killrvideo
