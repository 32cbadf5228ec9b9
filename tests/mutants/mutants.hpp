// Which fault is switched on in a build of tests/mutants/run; included by the files that have some.
#pragma once

#include <cstdlib>

namespace killrvideo {

/// Whether the environment variable MUTANT has this number.
inline bool mutant_is_on(int number) {
  static const int on = [] {
    const char* text = std::getenv("MUTANT");
    return text != nullptr ? std::atoi(text) : 0;
  }();
  return number == on;
}

}  // namespace killrvideo
