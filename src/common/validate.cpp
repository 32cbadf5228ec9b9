#include "common/validate.hpp"

namespace killrvideo {

std::string check_text(std::string_view field, std::string_view text, Length length) {
  std::string_view trimmed = trim(text);
  if (trimmed.empty() && length.least > 0) throw invalid(std::string(field), "is required");
  std::size_t characters = count_characters(trimmed);
  if (characters < length.least || characters > length.most)
    throw invalid(std::string(field), "must have " + std::to_string(length.least) + " to " +
                                          std::to_string(length.most) + " characters, not " +
                                          std::to_string(characters));
  return std::string(trimmed);
}

std::size_t check_page_size(int page_size) {
  if (page_size < 1)
    throw invalid("page_size", "must be 1 to " + std::to_string(largest_page) + ", not " +
                                   std::to_string(page_size));
  return static_cast<std::size_t>(std::min(page_size, largest_page));
}

}  // namespace killrvideo
