#include "http/message.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

namespace killrvideo::http {
namespace {

int status_of(Code code) {
  switch (code) {
    case Code::invalid_argument:
      return 400;
    case Code::unauthenticated:
      return 401;
    case Code::not_found:
      return 404;
    case Code::already_exists:
    case Code::failed_precondition:
    case Code::aborted:
      return 409;
    case Code::resource_exhausted:
      return 429;
    case Code::unimplemented:
      return 501;
    case Code::unavailable:
      return 503;
    case Code::deadline_exceeded:
      return 504;
    case Code::internal:
      break;
  }
  return 500;
}

std::string_view reason(int status) {
  return boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
}

}  // namespace

std::string Response::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Header::name);
  return found == headers.end() ? "" : found->value;
}

Response problem(int status, std::string_view detail) {
  const boost::json::object body{
      {"type", "about:blank"}, {"title", reason(status)}, {"status", status}, {"detail", detail}};
  return {.status = status,
          .content_type = "application/problem+json",
          .body = boost::json::serialize(body)};
}

Response problem(const Error& error) { return problem(status_of(error.code()), error.what()); }

std::string detail_of(const Response& response) {
  boost::system::error_code error;
  const auto body = boost::json::parse(response.body, error);
  const auto* object = error ? nullptr : body.if_object();
  const auto* detail = object != nullptr ? object->if_contains("detail") : nullptr;
  const auto* text = detail != nullptr ? detail->if_string() : nullptr;
  return text != nullptr ? std::string(text->begin(), text->end()) : response.body;
}

}  // namespace killrvideo::http
