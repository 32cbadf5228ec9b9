#include "catalog/rules.hpp"

#include "catalog/tables.hpp"
#include "catalog/youtube.hpp"
#include "common/validate.hpp"

namespace killrvideo {
namespace {

constexpr Length video_name_length{1, 255};
constexpr Length description_length{0, 10'000};
constexpr Length tag_length{1, 50};
constexpr std::size_t most_tags = 50;

}  // namespace

std::string check_video_name(std::string_view field, std::string_view text) {
  return check_text(field, text, video_name_length);
}

std::string check_description(std::string_view field, std::string_view text) {
  return check_text(field, text, description_length);
}

storage::TextSet check_tags(std::string_view field, const std::vector<std::string>& tags) {
  if (tags.size() > most_tags)
    throw invalid(std::string(field), "at most " + std::to_string(most_tags) +
                                          " tags are allowed, " + std::to_string(tags.size()) +
                                          " were given");
  storage::TextSet checked;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string element = std::string(field) + "[" + std::to_string(i) + "]";
    checked.insert(check_text(element, tags[i], tag_length));
  }
  return checked;
}

std::int32_t check_location_type(std::string_view field, std::string_view location) {
  if (youtube_id(location)) return location_youtube;
  if (is_on_youtube(location))
    throw invalid(std::string(field), "is an address on YouTube that holds no video id");
  return location_upload;
}

}  // namespace killrvideo
