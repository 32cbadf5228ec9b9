// What operators see of the process: metrics, and whether it can serve.
//
// It is there before anything else and until the end, so that one can ask why the rest is not.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/metrics.hpp"
#include "common/expects.hpp"
#include "transport/http/server.hpp"

namespace killrvideo {

/// May be used from any thread, but for listen() and stop().
class Operations {
 public:
  Metrics& metrics() { return metrics_; }

  /// Serves /metrics, /healthz and /readyz. Throws Error unavailable if the address cannot be
  /// listened on.
  void listen(const Address& address);
  /// The address with its real port. REQUIRES: listen() has returned.
  const Address& address() const {
    expects(http_ != nullptr, "listen() has returned");
    return http_->address();
  }
  void stop();

  /// Not ready from now on, for this reason.
  void not_ready(std::string reason);
  /// Ready whenever `problem` returns nothing, and not ready for the reason that it returns else.
  /// It is called in the server's thread, until the next call of one of these two.
  void ready(std::function<std::string()> problem);

 private:
  std::string problem() const;

  Metrics metrics_;
  mutable std::mutex mutex_;
  std::function<std::string()> problem_ = [] { return "starting"; };
  std::unique_ptr<http::Server> http_;
};

}  // namespace killrvideo
