#include "transport/http/operations.hpp"

#include <utility>

namespace killrvideo::http {
namespace {

constexpr auto prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

Response readiness_response(const Readiness& readiness) {
  return {.status = readiness.ready ? 200 : 503, .body = readiness.reason + "\n"};
}

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
        return readiness_response(readiness());
      });
  return routes;
}

}  // namespace killrvideo::http
