#include "dataset/files.hpp"

#include <algorithm>
#include <iterator>

#include "dataset/rows.hpp"

namespace killrvideo::dataset {

std::span<const File> files() {
  static const std::vector<File> all = [] {
    std::vector<File> files;
    for (const auto some : {user_files, video_files, activity_files})
      std::ranges::move(some(), std::back_inserter(files));
    return files;
  }();
  return all;
}

std::span<const std::string_view> ignored_files() {
  static constexpr std::string_view ignored[] = {"tag_counts.csv", "tags_by_letter.csv",
                                                 "videos_by_tag.csv"};
  return ignored;
}

}  // namespace killrvideo::dataset
