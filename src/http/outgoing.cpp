#include "http/outgoing.hpp"

namespace killrvideo::http {

SentRequest request_of(const Endpoint& endpoint, const Call& call, bool keep_alive) {
  SentRequest request;
  request.method_string(call.method);
  request.target(call.target);
  request.version(11);
  request.set(boost::beast::http::field::host, to_string(endpoint.address));
  for (const auto& header : call.headers) request.set(header.name, header.value);
  request.keep_alive(keep_alive);
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

}  // namespace killrvideo::http
