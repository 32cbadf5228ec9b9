#include "common/checksum.hpp"

#include <sodium.h>

#include <array>
#include <cstring>

namespace killrvideo {

std::uint64_t checksum(std::string_view bytes, std::string_view purpose) {
  std::array<unsigned char, crypto_shorthash_KEYBYTES> key{};
  purpose.copy(reinterpret_cast<char*>(key.data()), key.size());
  std::array<unsigned char, crypto_shorthash_BYTES> out{};
  crypto_shorthash(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                   key.data());
  std::uint64_t sum = 0;
  static_assert(sizeof sum == out.size());
  std::memcpy(&sum, out.data(), sizeof sum);
  return sum;
}

}  // namespace killrvideo
