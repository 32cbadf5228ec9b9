#include <string_view>
#include <vector>

#include "app/settings.hpp"
#include "cli/commands.hpp"
#include "cli/printed.hpp"

namespace killrvideo::cli {
namespace {

std::string join(const std::vector<std::string_view>& words) {
  std::string result;
  for (const auto word : words) {
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

std::vector<const Setting*> flags_of(const Command& command) {
  std::vector<const Setting*> flags;
  flags.reserve(command.settings.size() + command.flags.size());
  for (const auto name : command.settings) flags.push_back(find_setting(name));
  for (const auto& flag : command.flags) flags.push_back(&flag);
  return flags;
}

// The call of one of the script's functions that completes a value of this kind.
std::string completer(const ValueKind& kind) {
  switch (kind.completes) {
    case Completes::nothing:
      return ":";
    case Completes::words:
      return "_killrvideo_words '" + join(kind.words) + "'";
    case Completes::list:
      return "_killrvideo_list '" + join(kind.words) + "'";
    case Completes::files:
      return "_killrvideo_paths -f";
    case Completes::directories:
      return "_killrvideo_paths -d";
  }
  return ":";
}

void append_values(std::string& out, const Command& command) {
  for (const auto* flag : flags_of(command)) {
    out += "    '" + std::string(command.name) + " --" + std::string(flag->name) + "') " +
           completer(flag->kind) + "; return ;;\n";
  }
}

void append_flags(std::string& out, const Command& command) {
  std::string flags = "--help";
  for (const auto* flag : flags_of(command)) flags += " --" + std::string(flag->name);
  out += "      " + std::string(command.name) + ") _killrvideo_words '" + flags + "' ;;\n";
}

void append_positional_values(std::string& out, const Command& command) {
  for (std::size_t i = 0; i < command.positionals.size(); ++i) {
    out += "    '" + std::string(command.name) + " " + std::to_string(i) + "') " +
           completer(command.positionals[i].kind) + " ;;\n";
  }
}

constexpr auto functions = R"(# Completion of killrvideo for bash.

_killrvideo_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_killrvideo_list() {
  local before=
  [[ $current == *,* ]] && before=${current%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${current##*,}")
  compopt -o nospace
}

# Tells how many positional arguments come before the word at the cursor; all flags of the commands
# that have some take a value.
_killrvideo_position() {
  local i
  position=0
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == --* ]]; then ((++i)); else ((++position)); fi
  done
}

_killrvideo_paths() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

)";

}  // namespace

std::string bash_completion() {
  const auto names = join(all_command_names());
  std::string out = functions;
  out +=
      "_killrvideo() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
      "  local command=${COMP_WORDS[1]} position\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then _killrvideo_words '" +
      names +
      " help --help --version'; return; fi\n"
      "  case \"$command $previous\" in\n";
  for (const auto& command : all_commands()) append_values(out, command);
  out +=
      "  esac\n"
      "  if [[ $current == -* ]]; then\n"
      "    case $command in\n";
  for (const auto& command : all_commands()) append_flags(out, command);
  out +=
      "    esac\n"
      "    return\n"
      "  fi\n"
      "  _killrvideo_position\n"
      "  case \"$command $position\" in\n"
      "    'help 0') _killrvideo_words '" +
      names + "' ;;\n";
  for (const auto& command : all_commands()) append_positional_values(out, command);
  out +=
      "  esac\n"
      "}\n"
      "\n"
      "complete -F _killrvideo killrvideo\n";
  return out;
}

}  // namespace killrvideo::cli
