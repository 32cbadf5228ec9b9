// Which index of this process has all that the store has. The store itself says so, so that an
// index that belongs to another store, or to an older state of it, is not believed.
#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "search/tables.hpp"
#include "storage/store.hpp"

namespace killrvideo {

class IndexInForce {
 public:
  virtual ~IndexInForce() = default;

  /// The index in force, if there is one; in `at_hand` are those that this process has.
  virtual std::optional<Uuid> find(std::span<const Uuid> at_hand) = 0;
  /// Says that an index is being built of all that has been written before `since`.
  virtual void begin(const Uuid& id, Timestamp since) = 0;
  /// Puts it in force in place of the one before; it has every refresh since it was begun. Throws
  /// aborted if put_no_index_in_force() was called meanwhile, so that it may not have everything.
  virtual void put(const Uuid& id) = 0;
  /// Says that this process has no such index any more.
  virtual void put_none() = 0;
};

/// Of the one index of its kind on a store, which hears of every video by its event: an embedded
/// one where a process has the store for itself, or one that all processes share. One thread at a
/// time.
class OnlyIndexInForce final : public IndexInForce {
 public:
  explicit OnlyIndexInForce(storage::Store& store, std::string_view kind = embedded_index)
      : store_(store), kind_(kind) {}

  std::optional<Uuid> find(std::span<const Uuid> at_hand) override;
  void begin(const Uuid&, Timestamp) override {}
  void put(const Uuid& id) override;
  void put_none() override;

 private:
  storage::Store& store_;
  const std::string kind_;
};

/// Of one of several processes on a store, each of which has an index of its own and follows the
/// newest videos (search/follower.hpp). Any thread.
class FollowedIndex final : public IndexInForce {
 public:
  explicit FollowedIndex(storage::Store& store) : store_(store) {}

  std::optional<Uuid> find(std::span<const Uuid> at_hand) override;
  void begin(const Uuid& id, Timestamp since) override;
  void put(const Uuid& id) override;
  void put_none() override;

  /// The index in force and how far it has followed.
  std::optional<SearchPosition> position() const;
  /// Says that the index of `from`, which position() gave, has followed until `until`; written down
  /// every 10 s. Returns false if it turns out then that it is no longer in force, since somebody
  /// has called put_no_index_in_force().
  bool advance(const SearchPosition& from, Timestamp until);

 private:
  storage::Store& store_;
  mutable std::mutex mutex_;
  std::optional<SearchPosition> position_;
  Timestamp written_{};  // in the row
};

/// Says that no index, of any process, has all that the store has: before videos are written
/// without events, so that indexes are built anew if that is cut off, and after it. A process that
/// is running and follows others' videos begins to within some seconds.
void put_no_index_in_force(storage::Store& store);

}  // namespace killrvideo
