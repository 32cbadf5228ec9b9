#include <iostream>

#include "app/settings.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

void print(const Chosen& setting) {
  std::cout << setting.setting->name << " = ";
  if (setting.text.empty()) {
    std::cout << "(not set)\n";
  } else {
    std::cout << setting.text << "  (from " << setting.origin << ")\n";
  }
}

// That the configuration is right was found out before a command runs; what is left is to show it.
ExitCode run_check_config(const Config&, const Arguments& arguments) {
  for (const auto& setting : arguments.settings()) print(setting);
  std::cout << "The configuration is valid.\n";
  return ExitCode::ok;
}

}  // namespace

Command check_config_command() {
  return {.name = "check-config",
          .summary = "Check the configuration and print it with where each value came from",
          .description =
              "Takes the same flags, environment variables and configuration file as "
              "serve, and ends with exit code 2 and a message where serve would.",
          .settings = all_setting_names(),
          .run = run_check_config};
}

}  // namespace killrvideo::cli
