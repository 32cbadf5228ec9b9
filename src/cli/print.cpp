#include <iostream>

#include "cli/commands.hpp"
#include "cli/printed.hpp"

namespace killrvideo::cli {
namespace {

ExitCode run_print(const Config&, const Arguments& arguments) {
  const auto& what = arguments.get<std::string>("WHAT");
  if (what == "man") std::cout << manual();
  if (what == "bash-completion") std::cout << bash_completion();
  if (what == "config") std::cout << commented_configuration();
  return ExitCode::ok;
}

}  // namespace

Command print_command() {
  return {.name = "print",
          .summary = "Print the man page, the bash completion or a configuration file",
          .description =
              "`killrvideo print man | man -l -` shows the man page, "
              "`source <(killrvideo print bash-completion)` completes in this shell, and "
              "`killrvideo print config > killrvideo.toml` begins a configuration file "
              "in which every setting is explained.",
          .positionals = {{.name = "WHAT",
                           .kind = kinds::one_of({"man", "bash-completion", "config"}),
                           .help = "man, bash-completion or config."}},
          .run = run_print};
}

}  // namespace killrvideo::cli
