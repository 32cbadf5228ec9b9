// Which handler answers which path.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "http/message.hpp"

namespace killrvideo::http {

/// Answers a request. May throw Error, which becomes a problem of its status; anything else that is
/// thrown becomes a 500 that tells the client nothing and the log all.
using Handler = std::function<Response(const Request&)>;

class Routes {
 public:
  /// Answers `method` on exactly this path. A handler for GET answers HEAD too.
  Routes& add(std::string method, std::string path, Handler handler);

  /// The handler's response, or a problem: 404 for an unknown path, 405 for another method.
  Response handle(const Request& request) const;

 private:
  Response response_to(const Request& request) const;

  using Methods = std::map<std::string, Handler, std::less<>>;

  std::map<std::string, Methods, std::less<>> paths_;
};

}  // namespace killrvideo::http
