// What a fuzzer says when something does not hold: libFuzzer then keeps the input and fails.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace killrvideo {

inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace killrvideo
