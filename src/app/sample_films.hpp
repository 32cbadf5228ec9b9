// What the sample catalog consists of.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace killrvideo {

struct SampleUser {
  std::string_view id;
  std::string_view first_name;
  std::string_view last_name;
  std::string_view email;
};

struct SampleComment {
  std::size_t user;  ///< Index of who wrote it.
  std::string_view text;
};

struct SampleVideo {
  std::string_view id;
  std::string_view youtube_id;
  std::string_view name;
};

struct SampleReception {
  std::size_t uploader;    ///< Index of a user.
  std::string_view stars;  ///< A digit for each user; '-': has not rated it.
  int plays;
};

struct SampleFilm {
  SampleVideo video;
  std::string_view description;
  std::vector<std::string_view> tags;
  SampleReception reception;
  std::vector<SampleComment> comments;  ///< Oldest first.
};

/// The password of all sample users.
inline constexpr std::string_view sample_password = "open-movies";

std::span<const SampleUser> sample_users();

/// In the order in which they are added.
std::span<const SampleFilm> sample_films();

}  // namespace killrvideo
