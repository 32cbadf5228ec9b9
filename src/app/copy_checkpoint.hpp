// How far a copy between stores has come, for the next attempt if this one is cut off.
//
// Format: one JSON object in DATA_DIR/copy-<from>-to-<to>.json. Its "stores" say which cluster (by
// its contact points) and keyspace it is about, its "tables" lead from names to {"done": true} or
// {"state": "<hex>", "rows": 1000}.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>

#include "app/config.hpp"
#include "storage/copy.hpp"

namespace killrvideo {

class CopyCheckpoint {
 public:
  /// Reads what an earlier attempt left. Throws failed_precondition if it cannot be understood, or
  /// was about another cluster or keyspace.
  CopyCheckpoint(const Config& config, StoreEngine from, StoreEngine to);

  /// Whether an earlier attempt left something.
  bool resumes() const { return !tables_.empty(); }

  bool is_done(const std::string& table) const;
  /// Where to go on with a table.
  storage::CopyPosition position(const std::string& table) const;

  /// Both are on disk when they return; they throw Error if they cannot be.
  void reached(const std::string& table, const storage::CopyPosition& position);
  void done(const std::string& table);

  /// The copy is complete: the next one starts from the beginning.
  void remove();

 private:
  struct Table {
    bool done = false;
    storage::CopyPosition position{};
  };

  void read();
  void write() const;

  const std::filesystem::path file_;
  const boost::json::object stores_;
  std::map<std::string, Table> tables_;
};

}  // namespace killrvideo
