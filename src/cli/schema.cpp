#include "app/schema.hpp"

#include <iostream>

#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "storage/cassandra/definition.hpp"

namespace killrvideo::cli {
namespace {

ExitCode run_schema(const Config& config, const Arguments& arguments) {
  if (!arguments.get<bool>("apply")) {
    std::cout << storage::cassandra::script(schema(), config.cassandra.keyspace,
                                            config.cassandra.replication);
    return ExitCode::ok;
  }
  or_exit(ExitCode::data_unusable, [&] { return open_store(config); });
  std::cout << "the schema is at version " << schema().version() << "\n";
  return ExitCode::ok;
}

}  // namespace

Command schema_command() {
  return {
      .name = "schema",
      .summary = "Print the tables as CQL, or make what the store lacks of them",
      .description =
          "Prints a script for Cassandra that makes the keyspace, its tables and indices, with "
          "the reasons for their options; no server is asked. With --apply it makes what the "
          "store lacks and migrates its data, as serve does when it starts. Nothing is dropped.",
      .settings = store_setting_names(),
      .flags = {{.name = "apply",
                 .kind = kinds::on_or_off(),
                 .fallback = "off",
                 .help = "Makes what the store lacks."}},
      .run = run_schema};
}

}  // namespace killrvideo::cli
