// What the load generator asks for, and what it expects as an answer.
#pragma once

#include <grpcpp/support/slice.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::bench {

using Random = std::mt19937_64;

/// Ids that exist in the data the server under test has.
struct KnownIds {
  std::vector<std::string> videos;
  std::vector<std::string> commented_videos;  ///< Videos with at least one full page of comments.
  std::vector<std::string> users;
  std::vector<std::string> queries;  ///< One to three words of a video's name and tags.
  std::string walked_video;  ///< A video with more comments than 1,000 pages hold; may be empty.

  /// Reads the JSON object with these names as keys. Throws std::runtime_error.
  static KnownIds read(const std::string& path);
};

/// An endless stream of calls of one method.
///
/// Requests and answers are bytes, so that the client does not spend its time on messages: what can
/// be serialised once is.
struct Scenario {
  std::string method;  ///< "/package.Service/Method"
  std::function<grpc::Slice(Random&)> next_request;
  /// Parses an answer completely and says whether it is what the request asked for.
  std::function<bool(std::string_view request, std::string_view answer)> is_right;
  /// Fewer bytes than this are a wrong answer without a look inside.
  std::size_t shortest_answer = 0;
};

inline constexpr int comments_per_page = 20;
inline constexpr int suggestions_per_page = 5;
inline constexpr int hits_per_page = 20;
inline constexpr int words_per_page = 10;

/// Throws std::invalid_argument for an unknown name or if `ids` lacks what the scenario needs.
/// The scenario borrows nothing from `ids`.
Scenario make_scenario(std::string_view name, const KnownIds& ids);

/// The names make_scenario knows.
std::vector<std::string> scenario_names();

}  // namespace killrvideo::bench
