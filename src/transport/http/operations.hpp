// The routes that operators and their tools ask.
#pragma once

#include <functional>
#include <string>

#include "transport/http/routes.hpp"

namespace killrvideo::http {

struct Readiness {
  bool ready = false;
  std::string reason;  ///< Why not, or what it is ready for; one line.
};

/// GET /metrics: all metrics in Prometheus' text format.
/// GET /healthz: 200 for as long as the process answers.
/// GET /readyz: 200 or 503, with the reason.
/// Both functions are called in the server's thread.
Routes operations_routes(std::function<std::string()> metrics,
                         std::function<Readiness()> readiness);

}  // namespace killrvideo::http
