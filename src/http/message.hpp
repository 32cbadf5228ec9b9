// Requests and responses as handlers see them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/trace.hpp"

namespace killrvideo::http {

struct Request {
  std::string method;  ///< "GET"
  std::string path;    ///< Without the query, percent-decoded: "/backup"
  std::map<std::string, std::string, std::less<>> query;  ///< Decoded; of equal names the last one.
  std::string body;
  Trace trace{};  ///< this span of what the client began
};

struct Header {
  std::string name;
  std::string value;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  /// Further ones, where length and connection are the server's; of a received response all.
  std::vector<Header> headers = {};

  /// The value of the header that is written like this; empty if there is none.
  std::string header(std::string_view name) const;
};

/// An error as application/problem+json (RFC 9457).
Response problem(int status, std::string_view detail);

/// The same for an Error that a handler threw.
Response problem(const Error& error);

/// What went wrong according to a response: the detail of a problem, else the body.
std::string detail_of(const Response& response);

}  // namespace killrvideo::http
