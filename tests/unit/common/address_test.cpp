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

TEST(Address, takes_a_default_for_a_port_that_is_missing) {
  EXPECT_EQ(parse_address("db", 9042), (Address{"db", 9042}));
  EXPECT_EQ(parse_address("db:9142", 9042), (Address{"db", 9142}));
  EXPECT_EQ(parse_address("[::1]", 9042), (Address{"::1", 9042}));
  for (const auto* text : {"", "db:", "db:x", "::1"})
    EXPECT_FALSE(parse_address(text, 9042)) << text;
}

TEST(Address, tells_ipv4_addresses_of_hosts_from_others) {
  EXPECT_TRUE(is_reachable_ipv4("127.0.0.1"));
  EXPECT_TRUE(is_reachable_ipv4("192.0.2.255"));
  for (const auto* host : {"", "0.0.0.0", "localhost", "::1", "127.1", "1.2.3.256", "1.2.3.4.5"})
    EXPECT_FALSE(is_reachable_ipv4(host)) << host;
}

TEST(Address, knows_this_host) {
  for (const auto* host :
       {"localhost", "LocalHost", "127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "::"})
    EXPECT_TRUE(is_this_host(host)) << host;
  for (const auto* host : {"localhost.example.org", "128.0.0.1", "10.0.0.1", "::2", "example", ""})
    EXPECT_FALSE(is_this_host(host)) << host;
}

}  // namespace
}  // namespace killrvideo
