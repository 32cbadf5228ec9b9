#include "app/job_routes.hpp"

#include <boost/json/serialize.hpp>

namespace killrvideo {

void add_job_routes(http::Routes& routes, const std::string& path, std::function<void()> begin,
                    std::function<JobProgress()> progress) {
  const auto tell = [progress = std::move(progress)](const http::Request&) {
    const auto state = progress();
    const boost::json::object json{{"running", state.running},
                                   {"what", state.what},
                                   {"done", state.done},
                                   {"total", state.total},
                                   {"failure", state.failure}};
    return http::Response{.content_type = "application/json", .body = boost::json::serialize(json)};
  };
  routes.add("GET", path, tell);
  routes.add("POST", path, [tell, begin = std::move(begin)](const http::Request& request) {
    begin();
    return tell(request);
  });
}

}  // namespace killrvideo
