#include "search/in_force.hpp"

#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto write_interval = 10s;

}  // namespace

// The only one --------------------------------------------------------------------------------

std::optional<Uuid> OnlyIndexInForce::find(std::span<const Uuid>) {
  const auto row = run(store_.get({}, search_indexes, {kind_}));
  return row ? std::optional(row->indexid) : std::nullopt;
}

void OnlyIndexInForce::put(const Uuid& id) {
  storage::Batch batch;
  batch.insert(search_indexes, {kind_, id});
  run(store_.commit({}, std::move(batch)));
}

void OnlyIndexInForce::put_none() {
  storage::Batch batch;
  batch.remove(search_indexes, {kind_});
  run(store_.commit({}, std::move(batch)));
}

// One of several ------------------------------------------------------------------------------

std::optional<Uuid> FollowedIndex::find(std::span<const Uuid> at_hand) {
  std::lock_guard lock(mutex_);
  position_.reset();
  for (const auto& id : at_hand)
    if (!position_) position_ = run(store_.get({}, search_positions, {id}));
  if (!position_) return std::nullopt;
  written_ = position_->position;
  return position_->indexid;
}

void FollowedIndex::begin(const Uuid& id, Timestamp since) {
  storage::Batch batch;
  batch.insert(search_positions, {id, since});
  run(store_.commit({}, std::move(batch)));
}

void FollowedIndex::put(const Uuid& id) {
  std::lock_guard lock(mutex_);
  const auto row = run(store_.get({}, search_positions, {id}));
  if (!row) throw Error(Code::aborted, "other videos were written meanwhile");
  if (position_) {
    storage::Batch batch;
    batch.remove(search_positions, {position_->indexid});
    run(store_.commit({}, std::move(batch)));
  }
  position_ = *row;
  written_ = row->position;
}

void FollowedIndex::put_none() {
  std::lock_guard lock(mutex_);
  if (!position_) return;
  storage::Batch batch;
  batch.remove(search_positions, {position_->indexid});
  run(store_.commit({}, std::move(batch)));
  position_.reset();
}

std::optional<SearchPosition> FollowedIndex::position() const {
  std::lock_guard lock(mutex_);
  return position_;
}

bool FollowedIndex::advance(const SearchPosition& from, Timestamp until) {
  std::lock_guard lock(mutex_);
  if (!position_ || position_->indexid != from.indexid) return true;  // another took over
  position_->position = until;
  if (until - written_ < write_interval) return true;
  if (!run(store_.compare_and_set<&SearchPosition::position>({}, search_positions, *position_,
                                                             written_))) {
    // Unless the row is gone, an earlier write whose outcome got lost was done.
    const auto row = run(store_.get({}, search_positions, {from.indexid}));
    if (!row) return false;
    written_ = row->position;
    return true;
  }
  written_ = until;
  return true;
}

void put_no_index_in_force(storage::Store& store) {
  for (const auto kind : {embedded_index, opensearch_index})
    OnlyIndexInForce(store, kind).put_none();
  storage::scan_all(store, search_positions, [&](const std::vector<SearchPosition>& rows) {
    storage::Batch batch;
    for (const auto& row : rows) batch.remove(search_positions, {row.indexid});
    run(store.commit({}, std::move(batch)));
  });
}

}  // namespace killrvideo
