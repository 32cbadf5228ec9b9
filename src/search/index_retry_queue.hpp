// Videos that could not be indexed because the server of the index was unavailable. They wait in
// the store, so that whichever process runs when the server is back can index them.
#pragma once

#include <functional>
#include <span>

#include "search/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Of an index of one kind. Any thread, any number of processes.
class IndexRetryQueue {
 public:
  /// The store outlives this.
  IndexRetryQueue(storage::Store& store, std::string_view kind) : store_(store), kind_(kind) {}

  /// Durable when it returns. Throws the Error of the store.
  void add(std::span<const VideoId> ids);

  /// Calls `refresh` with all that wait, some at a time, and removes those for which it returns
  /// true; ends when it returns false. Returns how many were removed. Throws what `refresh` throws,
  /// and the Error of the store.
  std::size_t drain(const std::function<bool(std::span<const VideoId>)>& refresh);

 private:
  storage::Store& store_;
  const std::string kind_;
};

}  // namespace killrvideo
