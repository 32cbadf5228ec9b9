#include "storage/cassandra/definition.hpp"

#include <fmt/format.h>

namespace killrvideo::storage::cassandra {
namespace {

// As long as nodes keep hints for a node that is down (max_hint_window): a node that was down for
// longer must be repaired before it rejoins, or removed rows would reappear.
constexpr int hint_window_seconds = 3 * 60 * 60;

struct Layout {
  std::vector<std::string> options;
  std::string reason;
};

std::string unified_compaction(std::string_view scaling) {
  return fmt::format(
      "compaction = {{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': '{}'}}", scaling);
}

Layout layout_of(const TableInfo& table) {
  if (table.counters)
    return {{unified_compaction("L4")},
            "Every addition reads what is there, so few files should have the row; but additions "
            "are many, so files should not be merged too eagerly."};
  switch (table.access) {
    case AccessPattern::lookups:
      return {{unified_compaction("L10")},
              "Read by key much more often than written: levels, so that a row is in few files."};
    case AccessPattern::history:
      return {{unified_compaction("T4")},
              "Rows are added and hardly ever changed: tiers, which write every row again the "
              "fewest times. Readers want the newest rows, which are together in young files."};
    case AccessPattern::queue:
      return {
          {unified_compaction("L4"), fmt::format("gc_grace_seconds = {}", hint_window_seconds)},
          "Rows are soon removed or expire, and readers have to step over what is left of them: "
          "that is dropped as soon as no node can have missed it."};
  }
  std::unreachable();
}

// `text` as lines of a comment.
std::string commented(const std::string& text) {
  constexpr std::size_t width = 96;
  std::string lines, line;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find(' ', begin), text.size());
    if (!line.empty() && line.size() + 1 + (end - begin) > width)
      lines += "-- " + std::exchange(line, "") + "\n";
    line += (line.empty() ? "" : " ") + text.substr(begin, end - begin);
    begin = end + 1;
  }
  return lines + "-- " + line + "\n";
}

}  // namespace

std::string create_keyspace_cql(const std::string& keyspace, const Replication& replication) {
  std::string copies;
  for (const auto& [data_center, count] : replication)
    copies += fmt::format(", '{}': {}", data_center, count);
  return fmt::format(
      "CREATE KEYSPACE IF NOT EXISTS {}\n  WITH replication = {{'class': "
      "'NetworkTopologyStrategy'{}}}",
      keyspace, copies);
}

Definition create_table(const TableInfo& table, const std::string& keyspace) {
  Layout layout = layout_of(table);
  std::string cql = create_table_cql(table, keyspace, layout.options);
  cql.erase(cql.rfind(';'));
  return {std::move(cql), std::move(layout.reason)};
}

// Not by angle: that gives the same order for vectors of one length, but rejects those of length 0.
std::string create_index_cql(const VectorIndex& index, const std::string& keyspace) {
  return fmt::format(
      "CREATE INDEX IF NOT EXISTS {0}_{1} ON {2}.{0} ({1})\n  USING 'sai' WITH OPTIONS = "
      "{{'similarity_function': 'euclidean'}}",
      index.table->name, index.column, keyspace);
}

std::string script(const Schema& schema, const std::string& keyspace,
                   const Replication& replication) {
  std::string text = fmt::format("-- killrvideo schema, version {}\n\n", schema.version());
  text += replication.empty()
              ? commented(
                    "The keyspace has to say how many copies of every row there are in each "
                    "data centre: see --cassandra-replication.")
              : create_keyspace_cql(keyspace, replication) + ";\n";
  for (const TableInfo* table : schema.tables) {
    const Definition definition = create_table(*table, keyspace);
    text += "\n" + commented(definition.comment) + definition.cql + ";\n";
  }
  for (const VectorIndex& index : schema.vector_indices)
    text += "\n" + create_index_cql(index, keyspace) + ";\n";
  return text;
}

}  // namespace killrvideo::storage::cassandra
