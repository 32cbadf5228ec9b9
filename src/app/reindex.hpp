// Rebuilding the search index, by command or after rows were written without events.
#pragma once

#include <functional>
#include <string>

#include "app/config.hpp"
#include "common/background_job.hpp"
#include "search/index_builder.hpp"
#include "storage/store.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo {

/// Routes of the admin socket, see Application: what a running server rebuilds itself.
inline constexpr const char* reindex_path = "/reindex";
inline constexpr const char* reindex_recommendations_path = "/reindex-recommendations";

/// Offers a job: POST begins it, and both POST and GET tell how far it is, as JSON.
void add_job_routes(http::Routes& routes, const std::string& path, std::function<void()> begin,
                    std::function<JobProgress()> progress);

/// Lists the days of the latest videos and builds the configured search index from `store`, in this
/// thread. REQUIRES: no server is running on the data directory.
void build_search_index(storage::Store& store, const Config& config,
                        const ProgressListener& listener);

}  // namespace killrvideo
