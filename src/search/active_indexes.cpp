#include "search/active_indexes.hpp"

#include <algorithm>

#include "common/clock.hpp"
#include "common/time_limits.hpp"
#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

constexpr auto write_interval = 10s;

std::vector<ActiveIndex> rows_of(storage::Store& store, std::string_view kind) {
  return storage::all_rows(store, search_active_indexes, {std::string(kind)});
}

// An index may be activated at the same time, but never the other way round.
void remove_row(storage::Store& store, const ActiveIndex& row) {
  for (const bool complete : {false, true}) {
    if (run(store.remove_if<&ActiveIndex::complete>({}, search_active_indexes,
                                                    {row.kind, row.indexid}, complete)))
      return;
  }
}

}  // namespace

ActiveIndexes::ActiveIndexes(storage::Store& store, std::string_view kind, IsOwn is_own)
    : store_(store),
      kind_(kind),
      is_own_(is_own ? std::move(is_own) : [](const Uuid&) { return true; }) {}

std::optional<ActiveIndex> ActiveIndexes::find() {
  const std::lock_guard lock(mutex_);
  std::optional<ActiveIndex> newest;
  for (const ActiveIndex& row : rows_of(store_, kind_))
    if (row.complete && is_own_(row.indexid) && (!newest || newest->followed_to < row.followed_to))
      newest = row;
  set_current(newest);
  return newest;
}

void ActiveIndexes::begin(const Uuid& id) {
  for (const ActiveIndex& row : rows_of(store_, kind_))
    if (!row.complete && row.followed_to + time_limits::index_build_abandoned_after < now())
      remove_row(store_, row);
  run(store_.insert_if_absent({}, search_active_indexes, {kind_, id, false, now()}));
}

std::vector<Uuid> ActiveIndexes::begun() const {
  std::vector<Uuid> ids;
  for (const ActiveIndex& row : rows_of(store_, kind_)) ids.push_back(row.indexid);
  return ids;
}

bool ActiveIndexes::activate(const Uuid& id) {
  const std::lock_guard lock(mutex_);
  const auto before = rows_of(store_, kind_);
  const auto begun = std::ranges::find(before, id, &ActiveIndex::indexid);
  if (begun == before.end()) return false;
  ActiveIndex active = *begun;
  active.complete = true;
  if (!run(
          store_.compare_and_set<&ActiveIndex::complete>({}, search_active_indexes, active, false)))
    return false;
  for (const ActiveIndex& row : before)
    if (row.complete && is_own_(row.indexid)) remove_row(store_, row);
  set_current(active);
  return true;
}

void ActiveIndexes::cancel(const Uuid& id) { remove_row(store_, {.kind = kind_, .indexid = id}); }

void ActiveIndexes::invalidate() {
  const std::lock_guard lock(mutex_);
  for (const ActiveIndex& row : rows_of(store_, kind_))
    if (row.complete && is_own_(row.indexid)) remove_row(store_, row);
  set_current(std::nullopt);
}

std::optional<ActiveIndex> ActiveIndexes::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

bool ActiveIndexes::advance(const Uuid& id, Timestamp to) {
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->indexid != id) return true;  // another was activated
  current_->followed_to = to;
  if (to - written_ < write_interval) return true;
  if (run(store_.compare_and_set<&ActiveIndex::followed_to>({}, search_active_indexes, *current_,
                                                            written_))) {
    written_ = to;
    return true;
  }
  // Unless the row is gone, an earlier write whose outcome was lost has been done.
  const auto row = run(store_.get({}, search_active_indexes, {kind_, id}));
  if (!row) return false;
  written_ = row->followed_to;
  return true;
}

void ActiveIndexes::set_current(std::optional<ActiveIndex> index) {
  if (index) written_ = index->followed_to;
  current_ = std::move(index);
}

void invalidate_indexes(storage::Store& store, std::string_view kind) {
  for (const ActiveIndex& row : rows_of(store, kind)) remove_row(store, row);
}

void invalidate_all_indexes(storage::Store& store) {
  for (const auto kind : {embedded_index, opensearch_index}) invalidate_indexes(store, kind);
}

}  // namespace killrvideo
