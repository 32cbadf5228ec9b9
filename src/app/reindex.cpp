#include "app/reindex.hpp"

#include <boost/json/serialize.hpp>

#include "app/search_index.hpp"
#include "search/in_force.hpp"

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
                        const Indexer::Listener& listener) {
  const auto index = make_search_index(config);
  const auto topology = topology_of(config, store.engine().traits());
  if (topology.index_follows_store()) {
    FollowedIndex in_force(store);
    Indexer(store, *index, in_force).rebuild_now(listener);
  } else {
    OnlyIndexInForce in_force(store, index_kind(topology));
    Indexer(store, *index, in_force).rebuild_now(listener);
  }
}

}  // namespace killrvideo
