// The store on Cassandra, as configured.
#pragma once

#include <functional>
#include <memory>

#include "app/config.hpp"
#include "app/operations.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Opens it; see open_store. Throws unavailable with the reason if the cluster does not answer
/// soon.
std::unique_ptr<storage::Store> open_cassandra_store(const Config& config, StoreMetrics& metrics);

/// Opens what is there, for reading; see open_store_for_reading.
std::unique_ptr<storage::Store> open_cassandra_store_for_reading(const Config& config);

/// Waits for the cluster and opens it; see open_store.
std::unique_ptr<storage::Store> wait_for_cassandra_store(const Config& config,
                                                         Operations& operations,
                                                         const std::function<bool()>& give_up);

}  // namespace killrvideo
