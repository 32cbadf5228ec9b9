#include "common/checksum.hpp"

#include <gtest/gtest.h>

#include <string>

namespace killrvideo {
namespace {

// The reference vectors of SipHash-2-4: under the key 00 01 ... 0f, of the bytes 00 01 ... as many
// as the line's number.
constexpr std::uint64_t reference[]{0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
                                    0x85676696d7fb7e2d};

std::string counted_bytes(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i);
  return bytes;
}

TEST(Checksum, IsSipHash) {
  for (std::size_t length = 0; length < std::size(reference); ++length)
    EXPECT_EQ(checksum(counted_bytes(length), counted_bytes(16)), reference[length]) << length;
}

TEST(Checksum, DiffersByPurpose) {
  EXPECT_NE(checksum("text", "pages"), checksum("text", "videos"));
}

TEST(Checksum, AShortPurposeIsFilledWithZeros) {
  EXPECT_EQ(checksum("text", "pages"), checksum("text", "pages" + std::string(11, '\0')));
}

}  // namespace
}  // namespace killrvideo
