#include "common/address.hpp"

#include <gtest/gtest.h>

namespace killrvideo {
namespace {

TEST(Address, reads_host_and_port) {
  EXPECT_EQ(parse_address("127.0.0.1:50101"), (Address{"127.0.0.1", 50101}));
  EXPECT_EQ(parse_address("localhost:0"), (Address{"localhost", 0}));
  EXPECT_EQ(parse_address("[::1]:65535"), (Address{"::1", 65535}));
}

TEST(Address, is_written_as_it_is_read) {
  for (const auto* text : {"127.0.0.1:50101", "localhost:0", "[::1]:8080", "[fe80::1]:1"}) {
    EXPECT_EQ(to_string(parse_address(text).value_or(Address{})), text);
  }
}

TEST(Address, refuses_what_is_not_host_and_port) {
  for (const auto* text :
       {"",         ":",       ":80",       "host",     "host:",          "host:x",
        "host:80x", "host:-1", "host:+1",   "host: 80", "host:65536",     "::1:80",
        "[::1]",    "[]:80",   "[host]:80", "ho st:80", "http://host:80", "host:80:90",
        "[::1:80",  "::1]:80"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

}  // namespace
}  // namespace killrvideo
