#include "common/hex.hpp"

#include <sodium.h>

namespace killrvideo {

std::string to_hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  hex.pop_back();
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  const char* end = nullptr;
  std::size_t length = 0;
  const int result = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                    hex.data(), hex.size(), nullptr, &length, &end);
  if (result != 0 || end != hex.data() + hex.size()) return std::nullopt;
  return bytes;
}

}  // namespace killrvideo
