// Videos that could not be indexed since the index is on a server that was away. They wait in the
// store, so that whichever process is there when the server is back can index them.
#pragma once

#include <functional>
#include <span>

#include "search/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Of an index of one kind. Any thread, any number of processes.
class MissedVideos {
 public:
  /// The store outlives this.
  MissedVideos(storage::Store& store, std::string_view kind) : store_(store), kind_(kind) {}

  /// Durable when it returns. Throws the Error of the store.
  void add(std::span<const VideoId> ids);

  /// Calls `refresh` with all that wait, some at a time, and forgets those with which it returns.
  /// Ends early if it says false. Returns how many there were. Throws what `refresh` throws, and
  /// the Error of the store.
  std::size_t take_up(const std::function<bool(std::span<const VideoId>)>& refresh);

 private:
  storage::Store& store_;
  const std::string kind_;
};

}  // namespace killrvideo
