// "Did you mean …?"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace killrvideo {

/// The candidate that `word` is most likely a misspelling of; empty if none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// The end of an error message: "; did you mean 'X'?" for the nearest candidate; empty if none is
/// near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace killrvideo
