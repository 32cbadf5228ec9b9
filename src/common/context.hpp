// The context of a call: passed from the transport down to the engines.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/error.hpp"
#include "common/trace.hpp"

namespace killrvideo {

/// The context of one request. A transport adapter makes it; it outlives every coroutine of the
/// call.
class Context {
 public:
  using Deadline = std::chrono::system_clock::time_point;

  Context() = default;
  Context(std::uint64_t request_id, Deadline deadline, const Trace& trace = {})
      : request_id_(request_id), deadline_(deadline), trace_(trace) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  virtual ~Context() = default;

  /// Identifies the request in logs; unique in this process, 0 for internal work.
  std::uint64_t request_id() const { return request_id_; }

  /// The caller's network address without port; empty for internal work.
  virtual std::string peer() const { return {}; }

  /// The span of this call in the caller's trace; empty for internal work. One thread at a time.
  virtual Trace trace() const { return trace_; }

  /// Whether the call was cancelled before its deadline: by the client, by the loss of its
  /// connection, or by the end of this process. Any thread.
  virtual bool cancelled() const { return false; }

  /// When the caller stops waiting; Deadline::max() if never.
  Deadline deadline() const { return deadline_; }

  /// Throws deadline_exceeded if the caller has stopped waiting. To be called before work that
  /// would then be useless.
  void check_deadline() const {
    if (deadline_ != Deadline::max() && std::chrono::system_clock::now() >= deadline_)
      throw Error(Code::deadline_exceeded, "the deadline passed before the work began");
  }

 private:
  std::uint64_t request_id_ = 0;
  Deadline deadline_ = Deadline::max();
  Trace trace_;
};

}  // namespace killrvideo
