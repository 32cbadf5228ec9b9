#include <algorithm>
#include <iostream>

#include "app/schema.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "storage/text.hpp"

namespace killrvideo::cli {
namespace {

using storage::Cell;
using storage::TableInfo;

constexpr std::size_t rows_at_a_time = 1'000;

void list_tables() {
  for (const TableInfo* table : schema().tables) {
    std::cout << table->name << "  (";
    for (std::size_t i = 0; i < table->key_size; ++i)
      std::cout << (i == 0 ? "" : ", ") << table->columns[i].name;
    std::cout << ")\n";
  }
}

const TableInfo& find_table(const std::string& name) {
  if (const TableInfo* table = schema().find(name)) return *table;
  throw Exit(ExitCode::usage, "there is no table " + name + "; `killrvideo table` lists them");
}

storage::Values parse_partition(const TableInfo& table, const std::string& text) {
  storage::Values partition;
  // A text one may contain anything, so there is no way to write several.
  if (table.partition_size > 1)
    throw invalid("key", "partitions of " + table.name + " have several columns; print all rows");
  append_parsed(table.columns[0], text, partition);
  return partition;
}

class RowPrinter {
 public:
  RowPrinter(const TableInfo& table, std::size_t limit) : table_(table), left_(limit) {}

  std::size_t next_page() const { return std::min(left_, rows_at_a_time); }

  void operator()(std::span<const Cell> cells) {
    std::cout << row_to_json(table_, cells) << '\n';
    --left_;
  }

 private:
  const TableInfo& table_;
  std::size_t left_;
};

void print_rows(storage::Engine& engine, const TableInfo& table, const storage::Values& partition,
                std::size_t limit) {
  RowPrinter printer(table, limit);
  storage::RowSink sink = std::ref(printer);
  std::string state;
  do {
    storage::RawSliceQuery query{partition, {}, state, printer.next_page()};
    state =
        killrvideo::run(partition.empty() ? engine.scan({}, table, state, printer.next_page(), sink)
                                          : engine.slice({}, table, query, sink));
  } while (!state.empty() && printer.next_page() > 0);
  std::cout.flush();
}

ExitCode run_table(const Config& config, const Arguments& arguments) {
  const auto* name = arguments.find<std::string>("NAME");
  if (!name) {
    list_tables();
    return ExitCode::ok;
  }
  const TableInfo& table = find_table(*name);
  const auto* key = arguments.find<std::string>("key");
  storage::Values partition;
  if (key) partition = or_exit(ExitCode::usage, [&] { return parse_partition(table, *key); });
  const auto* limit = arguments.find<std::int64_t>("limit");
  auto most = limit ? static_cast<std::size_t>(*limit) : std::numeric_limits<std::size_t>::max();
  auto store = or_exit(ExitCode::data_unusable, [&] { return open_store_for_reading(config); });
  print_rows(store->engine(), table, partition, most);
  return ExitCode::ok;
}

}  // namespace

Command table_command() {
  return {.name = "table",
          .summary = "List the tables, or print the rows of one as JSON lines",
          .description = "Reads what is there at this moment, also beside a running server.",
          .settings = store_setting_names(),
          .flags = {{.name = "limit",
                     .kind = kinds::whole_number(1, std::numeric_limits<std::int64_t>::max()),
                     .help = "Prints at most this many rows."},
                    {.name = "key",
                     .kind = kinds::text("KEY"),
                     .help = "Prints the rows with this partition key only, in clustering order."}},
          .positionals = {{.name = "NAME",
                           .kind = kinds::text("NAME"),
                           .help = "The table to print.",
                           .required = false}},
          .run = run_table};
}

}  // namespace killrvideo::cli
