// Rows of a table that are read together, changed in memory, and written back together.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/expects.hpp"
#include "common/required.hpp"
#include "storage/bulk.hpp"
#include "storage/counters.hpp"

namespace killrvideo::storage {

/// One thread. REQUIRES: nobody else changes these rows meanwhile.
template <AnyTable T>
class RowEdits {
 public:
  using Row = typename T::Row;
  using Key = typename T::Key;

  RowEdits(Store& store, const T& table) : store_(store), table_(table) {}

  /// Reads the rows with these keys; blocks. Throws the store's Errors.
  void read(std::span<const Key> keys) {
    auto rows = run(store_.get_many({}, table_, keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto [edit, added] = edits_.try_emplace(values_from(keys[i]).bytes(), Edit{keys[i]});
      if (added) edit->second.was = edit->second.is = std::move(rows[i]);
    }
  }

  /// The current row with this key; null if there is none. Valid until the row is changed.
  /// REQUIRES: it was read.
  const Row* find(const Key& key) const {
    const auto& row = edit_of(values_from(key)).is;
    return row ? &*row : nullptr;
  }

  /// Inserts or replaces a row. Returns whether that changes anything. REQUIRES: it was read.
  bool put(const Row& row) {
    auto& edit = edit_of(T::key_of(row));
    if (same(edit.is, row)) return false;
    edit.is = row;
    return true;
  }

  /// Removes an existing row, which need not have been read.
  void remove(const Key& key) {
    auto [edit, added] = edits_.try_emplace(values_from(key).bytes(), Edit{key});
    edit->second.is.reset();
    edit->second.unread |= added;
  }

  /// Writes all differences from what was read, and forgets all rows, so that others can be read.
  void write(BulkWriter& writer) {
    for (const auto& [bytes, edit] : edits_) {
      if (!edit.is) {
        if (edit.was || edit.unread) writer.batch().remove(table_, edit.key);
      } else if (!same(edit.was, *edit.is)) {
        put_into(writer.batch(), edit);
      }
    }
    forget();
  }

  void forget() { edits_.clear(); }

 private:
  struct Edit {
    Key key;
    std::optional<Row> was{}, is{};
    bool unread = false;
  };

  static bool same(const std::optional<Row>& one, const Row& other) {
    return one && T::values_of(*one) == T::values_of(other);
  }

  void put_into(Batch& batch, const Edit& edit) const {
    if constexpr (T::has_counters) {
      batch.add(table_, edit.was ? difference(required(edit.is), *edit.was) : required(edit.is));
    } else {
      batch.insert(table_, required(edit.is));
    }
  }

  Store& store_;
  const T& table_;
  auto& edit_of(this auto& edits, const Values& key) {
    const auto found = edits.edits_.find(key.bytes());
    expects(found != edits.edits_.end(), "the row was read");
    return found->second;
  }

  std::map<std::string, Edit> edits_;  // by the bytes of the key
};

/// Sets counters to `totals`; of several with one key the last is used. Returns when they are on
/// disk. Creates missing rows, even if all their counters are 0.
template <CounterTable T>
void set_totals(Store& store, const T& table, std::span<const typename T::Row> totals) {
  std::vector<typename T::Key> keys;
  std::ranges::transform(totals, std::back_inserter(keys), T::key_tuple_of);
  RowEdits edits(store, table);
  edits.read(keys);
  for (const auto& total : totals) edits.put(total);
  BulkWriter writer(store);
  edits.write(writer);
  writer.flush();
}

/// Gathers totals of a counter table and sets many at a time. One thread.
template <CounterTable T>
class TotalsWriter {
 public:
  TotalsWriter(Store& store, const T& table) : store_(store), table_(table) {}

  /// The total is written later, by flush() at the latest. Throws as set_totals does.
  void add(const typename T::Row& total) {
    totals_.push_back(total);
    if (totals_.size() >= at_a_time) flush();
  }

  void flush() {
    set_totals(store_, table_, std::span<const typename T::Row>(totals_));
    totals_.clear();
  }

 private:
  static constexpr std::size_t at_a_time = 1'000;

  Store& store_;
  const T& table_;
  std::vector<typename T::Row> totals_;
};

}  // namespace killrvideo::storage
