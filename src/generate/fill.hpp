// Writes a synthetic world into a store.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "generate/world.hpp"
#include "storage/store.hpp"

namespace killrvideo::generate {

/// Called now and then with what is being written, how much of it is done and how much there is;
/// at last with done == total.
using Progress =
    std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

/// Writes all rows that the services would have written, without events. Counters become those of
/// the world, so that the same world can be written again. REQUIRES: nobody else writes to the
/// store. `in_flight`: see storage::BulkWriter.
void fill(storage::Store& store, const World& world, std::size_t in_flight,
          const Progress& progress);

}  // namespace killrvideo::generate
