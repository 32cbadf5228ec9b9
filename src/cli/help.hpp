// Help texts, made from the tables of commands and settings.
#pragma once

#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace killrvideo::cli {

/// What the program is, in one line that begins with a small letter and has no full stop.
inline constexpr std::string_view program_purpose =
    "the back end of a video-sharing site in one program, over gRPC";

/// What `killrvideo` and `killrvideo --help` print.
std::string program_help();

/// What `killrvideo COMMAND --help` prints.
std::string command_help(const Command& command);

/// "killrvideo backup [FLAGS] TARGET"
std::string usage(const Command& command);

/// What stands behind a flag: "DIR"; "[on|off]" if it may be without a value.
std::string value_in_help(const Setting& setting);

/// What a flag's description ends with: what it takes, its default and the like, each a sentence
/// with a space before it. `setting` is one of the program's settings or a command's own flag.
std::string value_notes(const Setting& setting);

/// "KILLRVIDEO_GRPC_ADDRESS, KILLRVIDEO_SERVICE_PORT (the port alone)"
std::string environment_names(const Setting& setting);

/// `text` in lines of at most 80 characters that each begin with `prefix` and end with a newline.
std::string wrapped(std::string_view text, std::string_view prefix);

}  // namespace killrvideo::cli
