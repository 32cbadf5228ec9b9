// Opening the store that the configuration names.
#pragma once

#include <functional>
#include <memory>

#include "app/operations.hpp"
#include "storage/store.hpp"

namespace killrvideo {

struct Config;

/// Opens the store for a command: makes or completes it, and finishes what a crash has left behind.
/// Waits for a cluster that does not answer, but not for long. Throws Error; data is then as it
/// was.
std::unique_ptr<storage::Store> open_store(const Config& config);

/// The same of a store that the command does not make: throws failed_precondition if there is none.
std::unique_ptr<storage::Store> open_existing_store(const Config& config);

/// Opens the store for a server, waiting for a cluster for as long as it takes: until then
/// `operations` say what for. Nothing if `give_up`, which is asked a few times a second, says so.
/// Throws Error if waiting is useless.
std::unique_ptr<storage::Store> open_store(const Config& config, Operations& operations,
                                           const std::function<bool()>& give_up);

/// Calls `work` until it succeeds: again for as long as a cluster cannot do it now, while
/// `operations` say what is waited for; once if no cluster has the store. Returns false if
/// `give_up` says so before. Throws what else `work` throws.
bool wait_for_store(storage::Store& store, Operations& operations,
                    const std::function<bool()>& give_up, const std::function<void()>& work);

/// Opens what is there, for reading; nothing is changed. Throws Error.
std::unique_ptr<storage::Store> open_store_for_reading(const Config& config);

}  // namespace killrvideo
