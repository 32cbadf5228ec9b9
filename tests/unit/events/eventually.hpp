// Waiting for what other threads bring about.
#pragma once

#include <chrono>
#include <thread>

namespace killrvideo {

/// Whether `condition()` becomes true; gives up after a time that is long even on a busy machine.
template <class Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace killrvideo
