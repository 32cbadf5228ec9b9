// Which search indexes are complete. The store says so itself: an index of another store, or of an
// older state of this one, is never active.
//
// An index gets a row when its build begins, and becomes active when the row says that it is
// complete. Whoever writes videos without events removes all rows, also those of running builds: a
// build whose row is gone cannot activate its index, since its scan may have missed such videos.
//
// All writes are conditional, so on Cassandra the servers assign the timestamps. With timestamps of
// processes whose clocks differ, a removal could come before the activation that it follows.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "search/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Of one kind, as one process sees them. Any thread. All throw the Error of the store.
class ActiveIndexes {
 public:
  using IsOwn = std::function<bool(const Uuid& id)>;

  /// `is_own` tells which of the store's indexes belong to this process; by default all do. It must
  /// tell them apart where each process has an index of its own on a store that they share.
  ActiveIndexes(storage::Store& store, std::string_view kind, IsOwn is_own = {});

  const std::string& kind() const { return kind_; }

  /// The active index of this process, if there is one: from now on it is current().
  std::optional<ActiveIndex> find();

  /// Says that an index is being built. To be called before any video is read for it.
  void begin(const Uuid& id);
  /// The ids of all indexes that were begun and not invalidated, whichever process they belong to.
  std::vector<Uuid> begun() const;
  /// Makes an index, which has every refresh since it was begun, the only active one of this
  /// process. Returns false, and does nothing, if it was invalidated since it was begun.
  [[nodiscard]] bool activate(const Uuid& id);
  /// Gives up one that was begun.
  void cancel(const Uuid& id);
  /// Says that this process has no active index any more.
  void invalidate();

  /// The index that find() or activate() gave last, and how far it has followed.
  std::optional<ActiveIndex> current() const;
  /// Says that the index, if it is current(), has followed until `to`; written every 10 s. Returns
  /// false if it turns out then that it was invalidated.
  [[nodiscard]] bool advance(const Uuid& id, Timestamp to);

 private:
  void set_current(std::optional<ActiveIndex> index);

  storage::Store& store_;
  const std::string kind_;
  const IsOwn is_own_;
  mutable std::mutex mutex_;
  std::optional<ActiveIndex> current_;
  Timestamp written_{};  // current_'s followed_to in its row
};

/// Says that no index of this kind has all videos, of whichever process it is.
void invalidate_indexes(storage::Store& store, std::string_view kind);

/// The same for every kind: before videos are written without events, so that indexes are rebuilt
/// even if that is cut off, and after it. A running process begins to rebuild its index within
/// seconds.
void invalidate_all_indexes(storage::Store& store);

}  // namespace killrvideo
