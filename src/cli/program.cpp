#include "cli/program.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

#include "app/kafka.hpp"
#include "app/registry.hpp"
#include "app/search_index.hpp"
#include "app/settings.hpp"
#include "app/tls_files.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "common/log.hpp"
#include "common/suggest.hpp"

namespace killrvideo::cli {
namespace {

using Texts = std::map<std::string, std::vector<std::string>, std::less<>>;

[[noreturn]] void usage_error(const std::string& message, std::string_view help) {
  const auto* separator = message.ends_with('?') ? " See" : "; see";
  throw Exit(ExitCode::usage, message + separator + " `killrvideo " + std::string(help) + "`");
}

std::string help_of(const Command& command) { return std::string(command.name) + " --help"; }

std::vector<std::string> flag_names(const Command& command) {
  std::vector<std::string> names{"--help"};
  for (const auto name : command.settings) names.push_back("--" + std::string(name));
  for (const auto& flag : command.flags) names.push_back("--" + std::string(flag.name));
  return names;
}

[[noreturn]] void unknown_argument(const Command& command, const std::string& argument) {
  const auto prefix = std::string(command.name) + ": ";
  if (!argument.starts_with("-")) {
    usage_error(prefix + "unexpected argument '" + argument + "'", help_of(command));
  }
  const auto names = flag_names(command);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto flag = argument.substr(0, argument.find('='));
  usage_error(prefix + "unknown flag '" + flag + "'" + did_you_mean(flag, candidates),
              help_of(command));
}

// CLI11 would take the argument that follows "--flag=" for the flag's value; in two arguments, an
// empty value stays one.
std::vector<std::string> split_assignments(const Command& command,
                                           const std::vector<std::string>& arguments) {
  const auto names = flag_names(command);
  std::vector<std::string> result;
  for (const auto& argument : arguments) {
    const auto equals = argument.find('=');
    const auto flag = argument.substr(0, equals);
    result.push_back(argument);
    if (equals == argument.npos || std::ranges::find(names, flag) == names.end()) continue;
    result.back() = flag;
    result.push_back(argument.substr(equals + 1));
  }
  return result;
}

// The command line of one command, as texts. What they may be is not CLI11's business: settings
// from flags, environment and file are checked in one place.
class Parser {
 public:
  explicit Parser(const Command& command) : command_(command) {
    app_.allow_extras();
    app_.set_help_flag("-h,--help");
    for (const auto name : command.settings) add_flag(*find_setting(name));
    for (const auto& flag : command.flags) add_flag(flag);
    for (const auto& positional : command.positionals) add_positional(positional);
  }

  /// Nothing if help was asked for.
  std::optional<Texts> parse(const std::vector<std::string>& given) {
    auto arguments = split_assignments(command_, given);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    try {
      app_.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      return std::nullopt;
    } catch (const CLI::ArgumentMismatch& error) {
      const std::string what = error.what();  // begins with the flag
      usage_error(
          std::string(command_.name) + ": " + what.substr(0, what.find(':')) + " needs a value",
          help_of(command_));
    } catch (const CLI::ParseError& error) {
      usage_error(std::string(command_.name) + ": " + error.what(), help_of(command_));
    }
    if (const auto extra = app_.remaining(); !extra.empty()) {
      unknown_argument(command_, extra.front());
    }
    check_required();
    return std::move(texts_);
  }

 private:
  void add_flag(const Setting& setting) {
    const std::string name(setting.name);
    auto& texts = texts_[name];
    if (setting.kind.placeholder.empty()) {
      app_.add_flag_callback("--" + name, [&texts] { texts = {"given"}; });
      return;
    }
    app_.add_option("--" + name, texts)
        ->type_name(setting.kind.placeholder)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(setting.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                 : CLI::MultiOptionPolicy::TakeLast);
  }

  void add_positional(const Positional& positional) {
    const std::string name(positional.name);
    app_.add_option(name, texts_[name])->expected(1)->allow_extra_args(false);
  }

  void check_required() const {
    for (const auto& positional : command_.positionals) {
      if (positional.required && texts_.find(positional.name)->second.empty()) {
        usage_error(
            std::string(command_.name) + ": " + std::string(positional.name) + " is missing",
            help_of(command_));
      }
    }
  }

  const Command& command_;
  CLI::App app_;
  Texts texts_;
};

// Positionals are checked as the flags are.
Setting as_setting(const Positional& positional) {
  return {.name = positional.name, .kind = positional.kind, .fallback = "", .help = ""};
}

void add_values(Arguments::Values& values, const Setting& setting, const std::string& origin,
                std::vector<std::string> texts) {
  if (texts.empty() && !setting.fallback.empty()) texts.emplace_back(setting.fallback);
  auto& target = values[std::string(setting.name)];
  for (const auto& text : texts) {
    target.push_back(parse_value(setting, text, origin));
    check_usable(setting, target.back(), origin);
  }
}

Arguments::Values own_values(const Command& command, const Texts& texts) {
  Arguments::Values values;
  for (const auto& flag : command.flags) {
    add_values(values, flag, "--" + std::string(flag.name), texts.find(flag.name)->second);
  }
  for (const auto& positional : command.positionals) {
    add_values(values, as_setting(positional), "the command line",
               texts.find(positional.name)->second);
  }
  return values;
}

std::vector<Chosen> choose_for(const Command& command, const Texts& texts) {
  Sources sources{.flags = {}, .environment = process_environment};
  for (const auto name : command.settings) {
    const auto& given = texts.find(name)->second;
    if (!given.empty()) sources.flags.emplace(name, given.back());
  }
  return choose_settings(command.settings, sources);
}

ExitCode run_command(const Command& command, const Texts& texts) {
  const auto [config, arguments] = or_exit(ExitCode::usage, [&] {
    auto chosen = choose_for(command, texts);
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
  const auto texts = Parser(command).parse(arguments);
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
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
    std::cout << program_help();
    return ExitCode::ok;
  }
  if (arguments[0] == "--version") arguments[0] = "version";
  if (arguments[0] == "help") {
    if (arguments.size() == 1) return dispatch({});
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
