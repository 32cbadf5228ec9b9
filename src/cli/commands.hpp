// All commands of the program.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace killrvideo::cli {

Command backup_command();
Command call_command();
Command check_config_command();
Command copy_command();
Command events_command();
Command explain_command();
Command generate_command();
Command import_command();
Command print_command();
Command reconcile_command();
Command reindex_command();
Command restore_command();
Command schema_command();
Command serve_command();
Command table_command();
Command version_command();

/// The commands in the order in which help lists them.
std::span<const Command> all_commands();

/// Their names.
std::vector<std::string_view> all_command_names();

/// The command of this name; null if there is none.
const Command* find_command(std::string_view name);

}  // namespace killrvideo::cli
