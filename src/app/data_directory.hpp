// What is where in the data directory, and the store in it.
#pragma once

#include <filesystem>
#include <memory>

#include "app/config.hpp"
#include "storage/store.hpp"

namespace killrvideo {

std::filesystem::path store_directory(const Config& config);
/// Where the embedded search index is kept.
std::filesystem::path search_directory(const Config& config);
/// The unix-domain socket on which a running server takes commands.
std::filesystem::path admin_socket(const Config& config);

/// Makes the data directory, for its owner alone, unless it is there. Throws Error.
void make_data_directory(const Config& config);

/// Opens the store in the data directory, which is made if need be; see open_store.
std::unique_ptr<storage::Store> open_store_in_directory(const Config& config,
                                                        StoreMetrics& metrics);
/// Opens what the directory holds at this moment; see open_store_for_reading.
std::unique_ptr<storage::Store> open_directory_for_reading(const Config& config);

}  // namespace killrvideo
