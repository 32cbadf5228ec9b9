// How a command's part of the command line is read.
//
//   --flag VALUE, --flag=VALUE   A flag with its value. As a word of its own, the value does not
//                                begin with a hyphen, unless it is a number or the hyphen alone:
//                                a flag whose value was forgotten never takes the next flag for it.
//                                After the equals sign stands any value.
//   --flag, --flag=on|off        A flag that is on or off; it is on without a value. The next word
//                                is its value only if it is on or off.
//   --                           Ends the flags: all that follows are positionals.
//   -h, --help                   Asks for help, whatever else there is.
//
// The last one of equal flags counts. What values may be is checked where settings are, whatever
// gave them (app/setting.hpp).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace killrvideo::cli {

/// Texts by the names of the flags, without dashes, and positionals that were given them.
using Texts = std::map<std::string, std::string, std::less<>>;

/// Reads the arguments that follow the name of `command`; nothing if they ask for help. Throws Exit
/// (usage) that names the flag or argument that is unknown, too many, missing or lacks its value.
std::optional<Texts> read_command_line(const Command& command,
                                       std::span<const std::string> arguments);

/// Whether a word is -h or --help.
bool asks_for_help(std::string_view word);

/// Throws Exit (usage) with `message` and where help is found: "serve --help".
[[noreturn]] void usage_error(const std::string& message, std::string_view help);

}  // namespace killrvideo::cli
