// What a rating may be, whoever gives it: a call or an import.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/error.hpp"

namespace killrvideo {

inline constexpr std::int32_t least_stars = 1;
inline constexpr std::int32_t most_stars = 5;

/// Throws invalid_argument that names `field`, unless `stars` can be a rating.
inline void check_stars(std::string_view field, std::int32_t stars) {
  if (stars < least_stars || stars > most_stars)
    throw invalid(std::string(field), "must be 1 to 5 stars, not " + std::to_string(stars));
}

}  // namespace killrvideo
