// Help texts, made from the tables of commands and settings.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace killrvideo::cli {

/// What `killrvideo` and `killrvideo --help` print.
std::string program_help();

/// What `killrvideo COMMAND --help` prints.
std::string command_help(const Command& command);

/// "killrvideo backup [FLAGS] TARGET"
std::string usage(const Command& command);

/// What a flag's description ends with: its default, environment names and the like, each a
/// sentence. `setting` is one of the program's settings or a command's own flag.
std::string value_notes(const Setting& setting);

}  // namespace killrvideo::cli
