#include "transport/http/operations.hpp"

#include <utility>

namespace killrvideo::http {
namespace {

constexpr auto prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

Routes operations_routes(std::function<std::string()> metrics,
                         std::function<Readiness()> readiness) {
  Routes routes;
  routes
      .add("GET", "/metrics",
           [metrics = std::move(metrics)](const Request&) {
             return Response{.content_type = prometheus_text, .body = metrics()};
           })
      .add("GET", "/healthz", [](const Request&) { return Response{.body = "ok\n"}; })
      .add("GET", "/readyz", [readiness = std::move(readiness)](const Request&) {
        auto [ready, reason] = readiness();
        return Response{.status = ready ? 200 : 503, .body = reason + "\n"};
      });
  return routes;
}

}  // namespace killrvideo::http
