#include "cli/commands.hpp"

#include <algorithm>

namespace killrvideo::cli {

std::span<const Command> all_commands() {
  static const std::vector<Command> commands{
      serve_command(),     import_command(),  generate_command(), copy_command(),
      backup_command(),    restore_command(), table_command(),    schema_command(),
      reconcile_command(), reindex_command(), call_command(),     check_config_command(),
      print_command(),     events_command(),  explain_command(),  version_command(),
  };
  return commands;
}

std::vector<std::string_view> all_command_names() {
  std::vector<std::string_view> names;
  for (const auto& command : all_commands()) names.push_back(command.name);
  return names;
}

const Command* find_command(std::string_view name) {
  const auto commands = all_commands();
  const auto found = std::ranges::find(commands, name, &Command::name);
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace killrvideo::cli
