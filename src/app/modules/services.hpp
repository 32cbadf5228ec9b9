// The services that work on the store alone (users, catalog, comments, ratings, statistics), and what
// their tables need.
#pragma once

#include "app/config.hpp"
#include "app/modules/module.hpp"
#include "app/topology.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Makes the services that the configuration names.
void make_service_modules(Modules& modules, storage::Store& store, const Config& config,
                          const Topology& topology);

}  // namespace killrvideo
