// Optional values that must be there by the rules of the program.
#pragma once

#include <stdexcept>
#include <utility>

namespace killrvideo {

/// The value of a std::optional. Throws std::logic_error if there is none, which is a fault of ours:
/// what users and other tools may leave out is checked where it comes in.
template <class Optional>
auto&& required(Optional&& value) {
  if (!value) throw std::logic_error("a value that must be there is missing");
  return *std::forward<Optional>(value);
}

}  // namespace killrvideo
