#include "common/paging.hpp"

#include <array>
#include <bit>

#include "common/checksum.hpp"
#include "common/error.hpp"
#include "common/hex.hpp"

namespace killrvideo {
namespace {

constexpr char token_version = 1;
constexpr std::size_t hash_size = 8;

// The checksum detects mistakes; a forged token could express no more than a request can.
std::string hash(std::string_view text) {
  const auto sum = std::bit_cast<std::array<char, hash_size>>(checksum(text, "killrvideo pages"));
  return {sum.data(), sum.size()};
}

std::string token_hash(std::string_view listing, std::string_view content) {
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
  if (std::string_view(*bytes).substr(content.size()) != token_hash(listing_, content) ||
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
  return to_hex(content + token_hash(listing_, content));
}

}  // namespace killrvideo
