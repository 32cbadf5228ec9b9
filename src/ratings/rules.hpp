// What a rating may be, whoever gives it: a call or an import.
#pragma once

#include <string>
#include <string_view>

#include "common/error.hpp"
#include "ratings/tables.hpp"

namespace killrvideo {

/// Throws invalid_argument that names `field`, unless `stars` can be a rating.
inline void check_stars(std::string_view field, std::int32_t stars) {
  if (!stars_of(stars))
    throw invalid(std::string(field), "must be 1 to 5 stars, not " + std::to_string(stars));
}

}  // namespace killrvideo
