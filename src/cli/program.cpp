#include "cli/program.hpp"

#include <algorithm>
#include <iostream>

#include "app/kafka.hpp"
#include "app/registry.hpp"
#include "app/search_index.hpp"
#include "app/settings.hpp"
#include "app/suggest.hpp"
#include "app/tls_files.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "common/log.hpp"

namespace killrvideo::cli {
namespace {

// Positionals are checked as the flags are.
Setting as_setting(const Positional& positional) {
  return {.name = std::string(positional.name), .kind = positional.kind, .help = ""};
}

void add_value(Arguments::Values& values, const Setting& setting, const std::string& origin,
               const Texts& texts) {
  const auto given = texts.find(setting.name);
  if (given == texts.end() && setting.fallback.empty()) return;
  const auto text = given == texts.end() ? std::string(setting.fallback) : given->second;
  auto value = parse_value(setting, text, origin);
  check_usable(setting, value, origin);
  values.emplace(setting.name, std::move(value));
}

Arguments::Values own_values(const Command& command, const Texts& texts) {
  Arguments::Values values;
  for (const auto& flag : command.flags) {
    add_value(values, flag, "--" + std::string(flag.name), texts);
  }
  for (const auto& positional : command.positionals) {
    add_value(values, as_setting(positional), "the command line", texts);
  }
  return values;
}

ExitCode run_command(const Command& command, const Texts& texts) {
  const auto [config, arguments] = or_exit(ExitCode::usage, [&] {
    auto chosen =
        choose_settings(command.settings, {.flags = texts, .environment = process_environment});
    auto made = make_config(chosen);
    check_tls_files(made.tls);
    check_registry(made.registry);
    check_search(made.search);
    check_kafka(made.kafka);
    return std::pair(std::move(made), Arguments(own_values(command, texts), std::move(chosen)));
  });
  log::set_level(config.log_level);
  return command.run(config, arguments);
}

ExitCode run_command(const Command& command, const std::vector<std::string>& arguments) {
  const auto texts = read_command_line(command, arguments);
  if (texts) return run_command(command, *texts);
  std::cout << command_help(command);
  return ExitCode::ok;
}

const Command& command_named(const std::string& name) {
  if (const auto* command = find_command(name)) return *command;
  const auto kind = name.starts_with("-") ? "the first argument is a command, not '" + name + "'"
                                          : "unknown command '" + name + "'";
  usage_error(kind + did_you_mean(name, all_command_names()), "--help");
}

ExitCode dispatch(std::vector<std::string> arguments) {
  if (arguments.empty() || asks_for_help(arguments[0])) {
    std::cout << program_help();
    return ExitCode::ok;
  }
  if (arguments[0] == "--version") arguments[0] = "version";
  if (arguments[0] == "help") {
    if (arguments.size() == 1 || asks_for_help(arguments[1])) return dispatch({});
    if (arguments.size() > 2)
      usage_error("help: unexpected argument '" + arguments[2] + "'", "--help");
    std::cout << command_help(command_named(arguments[1]));
    return ExitCode::ok;
  }
  const auto& command = command_named(arguments[0]);
  arguments.erase(arguments.begin());
  return run_command(command, arguments);
}

ExitCode flushed(ExitCode code) {
  if (std::cout.flush()) return code;
  throw Exit(ExitCode::failed, "cannot write to standard output");
}

int end(ExitCode code, std::string_view message) {
  std::cerr << "killrvideo: " << log::one_line(message) << "\n";
  return static_cast<int>(code);
}

}  // namespace

int run_program(int argc, const char* const* argv) noexcept try {
  return static_cast<int>(flushed(dispatch({argv + std::min(argc, 1), argv + argc})));
} catch (const Exit& exit) {
  return end(exit.code(), exit.what());
} catch (const std::exception& error) {
  return end(ExitCode::failed, error.what());
}

}  // namespace killrvideo::cli
