// What is where in the data directory, and the store in it.
#pragma once

#include <filesystem>
#include <memory>

#include "app/config.hpp"
#include "common/metrics.hpp"
#include "storage/store.hpp"

namespace killrvideo {

std::filesystem::path store_directory(const Config& config);
/// The unix-domain socket on which a running server takes commands.
std::filesystem::path admin_socket(const Config& config);

/// Opens the store that the configuration names, making the data directory if need be, and finishes
/// what a crash has left behind. Throws Error; the data is then as it was.
std::unique_ptr<storage::Store> open_store(const Config& config, StoreMetrics& metrics);

}  // namespace killrvideo
