#include "common/paging.hpp"

#include <sodium.h>

#include <array>

#include "common/error.hpp"

namespace killrvideo {
namespace {

constexpr char token_version = 1;
constexpr std::size_t hash_size = crypto_shorthash_BYTES;

// The key need not be secret, only equal in all processes: the checksum detects mistakes, and a
// forged token could express no more than a request can.
constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> hash_key{
    'k', 'i', 'l', 'l', 'r', 'v', 'i', 'd', 'e', 'o', ' ', 'p', 'a', 'g', 'e', 's'};

std::string hash(std::string_view text) {
  std::string out(hash_size, '\0');
  crypto_shorthash(reinterpret_cast<unsigned char*>(out.data()),
                   reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                   hash_key.data());
  return out;
}

std::string to_hex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  hex.pop_back();
  return hex;
}

// Nothing if the text is not entirely hex.
std::optional<std::string> from_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  const char* end = nullptr;
  std::size_t length = 0;
  int result = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                              hex.data(), hex.size(), nullptr, &length, &end);
  if (result != 0 || end != hex.data() + hex.size()) return std::nullopt;
  return bytes;
}

std::string checksum(std::string_view listing, std::string_view content) {
  std::string text(listing);
  text += '\0';
  text += content;
  return hash(text);
}

}  // namespace

Cursor::Cursor(std::string listing, const std::optional<std::string>& start, std::string_view token)
    : listing_(std::move(listing)), start_hash_(hash(start.value_or(""))) {
  if (token.empty()) return;
  auto bytes = from_hex(token);
  if (!bytes || bytes->size() <= 1 + 2 * hash_size)
    throw invalid("paging_state", "is not a paging state of this service");
  std::string_view content = std::string_view(*bytes).substr(0, bytes->size() - hash_size);
  if (std::string_view(*bytes).substr(content.size()) != checksum(listing_, content) ||
      content[0] != token_version)
    throw invalid("paging_state", "was altered, or belongs to another request or version");
  std::string_view token_start = content.substr(1, hash_size);
  if (start && token_start != start_hash_)
    throw invalid("paging_state", "belongs to a listing with another starting point");
  start_hash_ = token_start;
  state_ = content.substr(1 + hash_size);
}

std::string Cursor::token(std::string_view next_state) const {
  if (next_state.empty()) return {};
  std::string content(1, token_version);
  content += start_hash_;
  content += next_state;
  return to_hex(content + checksum(listing_, content));
}

}  // namespace killrvideo
