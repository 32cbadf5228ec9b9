#include "transport/http/routes.hpp"

#include <utility>

#include "common/log.hpp"

namespace killrvideo::http {
namespace {

Response method_not_allowed(const Request& request, std::string allow) {
  auto response = problem(405, request.path + " takes " + allow);
  response.headers.push_back({"Allow", std::move(allow)});
  return response;
}

void tell(const Request& request, const Response& response) {
  if (!log::enabled(log::Level::debug)) return;
  log::debug("http", {{"method", request.method},
                      {"path", request.path},
                      {"trace", request.trace.id_text()},
                      {"span", request.trace.span_text()},
                      {"status", response.status}});
}

Response answer(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const Error& error) {
    return problem(error);
  } catch (const std::exception& error) {
    log::error(
        "an HTTP handler failed",
        {{"path", request.path}, {"trace", request.trace.id_text()}, {"error", error.what()}});
    return problem(500, "the request failed for a reason that the server's log tells");
  }
}

}  // namespace

Routes& Routes::add(std::string method, std::string path, Handler handler) {
  paths_[std::move(path)].insert_or_assign(std::move(method), std::move(handler));
  return *this;
}

Response Routes::handle(const Request& request) const {
  auto response = response_to(request);
  tell(request, response);
  return response;
}

Response Routes::response_to(const Request& request) const {
  const auto path = paths_.find(request.path);
  if (path == paths_.end()) return problem(404, "there is nothing at " + request.path);
  const auto& methods = path->second;
  const auto handler = methods.find(request.method == "HEAD" ? "GET" : request.method);
  if (handler != methods.end()) return answer(handler->second, request);
  std::string allow;
  for (const auto& [method, unused] : methods) {
    if (!allow.empty()) allow += ", ";
    allow += method == "GET" ? "GET, HEAD" : method;
  }
  return method_not_allowed(request, std::move(allow));
}

}  // namespace killrvideo::http
