// Collections as tools write them into a field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::dataset {

/// A number that is neither infinite nor NaN.
std::optional<float> parse_float(std::string_view text);

/// The elements of a set, in their order: {'one', 'it''s two'}, {"one", "two"} or ["one", "two"]
/// with the escapes of JSON, [], {}, or nothing at all. Nothing if it is no set.
std::optional<std::vector<std::string>> parse_texts(std::string_view text);

/// The elements of a vector, of which there is at least one: [0.25, -1, 3e-05]. Nothing if it is
/// none.
std::optional<std::vector<float>> parse_floats(std::string_view text);

}  // namespace killrvideo::dataset
