// Routes of the admin socket, see Application: what a running server rebuilds itself.
#pragma once

#include <functional>
#include <string>

#include "common/background_job.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo {

inline constexpr const char* reindex_path = "/reindex";
inline constexpr const char* reindex_recommendations_path = "/reindex-recommendations";

/// Offers a job: POST begins it, and both POST and GET tell how far it is, as JSON.
void add_job_routes(http::Routes& routes, const std::string& path, std::function<void()> begin,
                    std::function<JobProgress()> progress);

}  // namespace killrvideo
