// What a call carries from the transport down to the engines.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/error.hpp"

namespace killrvideo {

/// One request's circumstances. Made by a transport adapter; outlives every coroutine of the call.
struct Context {
  /// When the caller stops waiting. Work that has not begun by then is not begun.
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
  /// Identifies the request in logs; unique in this process.
  std::uint64_t request_id = 0;
  /// The caller's network address without port, for throttling; empty for calls of our own.
  std::string peer;

  bool expired() const {
    return deadline != std::chrono::system_clock::time_point::max() &&
           std::chrono::system_clock::now() >= deadline;
  }

  void check_deadline() const {
    if (expired())
      throw Error(Code::deadline_exceeded, "the deadline passed before the work began");
  }
};

}  // namespace killrvideo
