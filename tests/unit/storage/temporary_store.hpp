// A store with the program's tables that goes away with its owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/schema.hpp"
#include "storage/rocksdb/engine.hpp"
#include "storage/temporary_directory.hpp"
#include "storage/text.hpp"

namespace killrvideo::storage {

class TemporaryStore {
 public:
  TemporaryStore() : directory_(memory_directory()) {
    store_ = rocksdb_engine::open_store(directory_.path() / "store", schema(), {});
  }

  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

  /// All rows of a table in its order, as JSON.
  std::vector<std::string> rows(const TableInfo& table) {
    std::vector<std::string> rows;
    const RowSink sink = [&](std::span<const Cell> cells) {
      rows.push_back(row_to_json(table, cells));
    };
    const Context context;
    std::string state;
    do {
      state = run(store_->engine().scan(context, table, state, 1'000, sink));
    } while (!state.empty());
    return rows;
  }

  /// All rows of all tables.
  std::vector<std::vector<std::string>> everything() {
    std::vector<std::vector<std::string>> tables;
    for (const TableInfo* table : schema().tables) tables.push_back(rows(*table));
    return tables;
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Store> store_;
};

}  // namespace killrvideo::storage
