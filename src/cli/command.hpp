// What a command of the program is: `killrvideo NAME [FLAGS] [POSITIONALS]`.
//
// To add one, write src/cli/<name>.cpp with a function that makes it,
//
//   #include "cli/commands.hpp"
//
//   namespace killrvideo::cli {
//   namespace {
//
//   ExitCode run(const Config& config, const Arguments& arguments) {
//     const auto videos = arguments.get<std::int64_t>("videos");       // it has a default
//     const auto* seed = arguments.find<std::string>("seed");          // null if not given
//     const auto target = arguments.get<std::filesystem::path>("TARGET");
//     …
//     return ExitCode::ok;
//   }
//
//   }  // namespace
//
//   Command generate_command() {
//     return {.name = "generate",
//             .summary = "Fill the store with a synthetic catalog",
//             .description = "…",
//             .settings = {"config", "data-dir", "log-level"},
//             .flags = {{.name = "videos",
//                        .kind = kinds::whole_number(0, 10'000'000),
//                        .fallback = "1000",
//                        .help = "How many videos there will be."}},
//             .positionals = {{.name = "TARGET", .kind = kinds::directory(), .help = "…"}},
//             .run = run};
//   }
//
//   }  // namespace killrvideo::cli
//
// and list it in commands.hpp and commands.cpp. Help, man page, completion and the checking of
// values follow from this. `run` returns the exit code; it may throw Error (exit code 1) or Exit (a
// code of its choice, see or_exit); main prints "killrvideo: <message>" then. Results go to
// standard output, all else to standard error.
#pragma once

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/config.hpp"
#include "app/setting.hpp"
#include "cli/exit_code.hpp"

namespace killrvideo::cli {

/// What a command was given besides the configuration.
class Arguments {
 public:
  using Values = std::map<std::string, SettingValue, std::less<>>;

  Arguments(Values values, std::vector<Chosen> settings)
      : values_(std::move(values)), settings_(std::move(settings)) {}

  /// The value of the flag or positional called `name`; null if it was not given and has no
  /// default. REQUIRES: T is what the kind of the flag reads (see app/setting.hpp).
  template <class T>
  const T* find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &std::get<T>(found->second);
  }

  /// The same for what is required or has a default.
  template <class T>
  const T& get(std::string_view name) const {
    const auto* value = find<T>(name);
    if (value == nullptr) throw std::logic_error("no value for " + std::string(name));
    return *value;
  }

  /// The texts that the configuration was made of, and where each came from.
  std::span<const Chosen> settings() const { return settings_; }

 private:
  Values values_;
  std::vector<Chosen> settings_;
};

/// An argument without a flag, known by its place.
struct Positional {
  std::string_view name;  ///< In capitals: "TARGET".
  ValueKind kind;
  std::string_view help;
  bool required = true;  ///< Those that are not required come last.
};

struct Command {
  std::string_view name;
  std::string_view summary;           ///< A line in the list of commands; no full stop.
  std::string_view description = {};  ///< More for its own help and the man page; paragraphs are
                                      ///< separated by empty lines.
  std::vector<std::string_view> settings = {};  ///< The settings that it takes (app/settings.cpp),
                                                ///< by name; Config has defaults for all others.
  std::vector<Setting> flags = {};              ///< Flags that only this command has.
  std::vector<Positional> positionals = {};
  ExitCode (*run)(const Config&, const Arguments&) = nullptr;
};

}  // namespace killrvideo::cli
