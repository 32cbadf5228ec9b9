// The words that synthetic names, titles and comments are made of.
//
// In patterns, {s} stands for a subject of the topic, {o} for another one, {v} for something that
// is done with it, {t} for the topic's name, {a} for an adjective, {n} for a number, {p} for a
// first name and {y} for a season.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace killrvideo::generate {

struct Topic {
  std::string_view name;
  std::array<std::string_view, 4> verbs;
  std::array<std::string_view, 12> subjects;
  std::array<std::string_view, 8> tags;  ///< The most popular one first.
};

using Words = std::span<const std::string_view>;

extern const std::span<const Topic> topics;  ///< The most popular one first.
extern const Words first_names;
extern const Words last_names;
extern const Words adjectives;
extern const Words seasons;
extern const Words general_tags;  ///< The most popular one first.
extern const Words title_patterns;
extern const Words title_endings;
extern const Words description_patterns;
extern const Words comment_openings;
extern const Words comment_patterns;
extern const Words comment_endings;

}  // namespace killrvideo::generate
