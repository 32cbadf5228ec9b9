#include "app/reindex.hpp"

#include <boost/json/serialize.hpp>

#include "app/search_index.hpp"
#include "catalog/latest_days.hpp"

namespace killrvideo {
namespace {

http::Response json_of(const JobProgress& progress) {
  return {.content_type = "application/json",
          .body = boost::json::serialize(boost::json::object{{"running", progress.running},
                                                             {"what", progress.what},
                                                             {"done", progress.done},
                                                             {"total", progress.total},
                                                             {"failure", progress.failure}})};
}

}  // namespace

void add_job_routes(http::Routes& routes, const std::string& path, std::function<void()> begin,
                    std::function<JobProgress()> progress) {
  routes.add("GET", path, [=](const http::Request&) { return json_of(progress()); });
  routes.add("POST", path, [=](const http::Request&) {
    begin();
    return json_of(progress());
  });
}

void build_search_index(storage::Store& store, const Config& config,
                        const ProgressListener& listener) {
  run(list_all_days(store));
  const auto index = make_search_index(config);
  auto active = make_active_indexes(store, config);
  SearchMetrics metrics;
  IndexUpdater updater(store, *index, active, metrics);
  IndexBuilder(store, *index, active, updater).rebuild_now(listener);
}

}  // namespace killrvideo
