#include <fmt/ranges.h>

#include <string_view>
#include <vector>

#include "app/settings.hpp"
#include "cli/commands.hpp"
#include "cli/printed.hpp"

namespace killrvideo::cli {
namespace {

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
      return fmt::format("_killrvideo_words '{}'", fmt::join(kind.words, " "));
    case Completes::list:
      return fmt::format("_killrvideo_list '{}'", fmt::join(kind.words, " "));
    case Completes::files:
      return "_killrvideo_paths -f";
    case Completes::directories:
      return "_killrvideo_paths -d";
  }
  return ":";
}

void append_case(std::string& out, const Command& command, const std::string& what,
                 const std::string& action) {
  out += "    '" + std::string(command.name) + " " + what + "') " + action + " ;;\n";
}

void append_values(std::string& out, const Command& command) {
  for (const auto* flag : flags_of(command))
    append_case(out, command, "--" + std::string(flag->name), completer(flag->kind));
}

void append_positional_values(std::string& out, const Command& command) {
  for (std::size_t i = 0; i < command.positionals.size(); ++i)
    append_case(out, command, std::to_string(i), completer(command.positionals[i].kind));
}

void append_switches(std::string& out, const Command& command) {
  for (const auto* flag : flags_of(command))
    if (!flag->kind.without_value.empty())
      append_case(out, command, "--" + std::string(flag->name), "return 0");
}

void append_flags(std::string& out, const Command& command) {
  std::string flags = "--help";
  for (const auto* flag : flags_of(command)) flags += " --" + std::string(flag->name);
  out += "    " + std::string(command.name) + ") _killrvideo_words '" + flags + "' ;;\n";
}

// A function of the script that looks up `what` in a table with rows of every command.
std::string lookup(const std::string& name, const std::string& what, const std::string& more_rows,
                   void (*append_rows)(std::string&, const Command&)) {
  std::string out = name + "() {\n  case " + what + " in\n" + more_rows;
  for (const auto& command : all_commands()) append_rows(out, command);
  return out + "  esac\n";
}

// Dynamic scope: the functions share the local variables of _killrvideo.
constexpr auto functions = R"(# Completion of killrvideo for bash.

_killrvideo_offer() {
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -P "$before" "$@" -- "$value")
}

_killrvideo_words() { _killrvideo_offer -W "$1"; }

_killrvideo_list() {
  [[ $value == *,* ]] && before+=${value%,*},
  value=${value##*,}
  _killrvideo_offer -W "$1"
  compopt -o nospace
}

_killrvideo_paths() {
  compopt -o filenames
  _killrvideo_offer "$1"
}

# Bash divides the line also at = and :. Makes words of it as the program gets them, up to the cursor.
_killrvideo_read_line() {
  local i rest=$COMP_LINE
  for ((i = 0; i <= COMP_CWORD; ++i)); do
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
      words+=("${COMP_WORDS[i]}")
    else
      words[-1]+=${COMP_WORDS[i]}
    fi
    rest=${rest#"${rest%%[![:blank:]]*}"}
    rest=${rest#"${COMP_WORDS[i]}"}
  done
}

# Reads the words before the cursor as the program does: counts the positionals, and remembers the
# flag just before the cursor that takes a value (needs) or may have one (may_have), and whether the
# flags are ended.
_killrvideo_read_words() {
  local word
  for word in "${words[@]:2:${#words[@]}-3}"; do
    if [[ -n $needs && ($word != -* || $word == -[0-9]* || $word == -) ]]; then
      needs=
    elif [[ -n $may_have && $word =~ ^(on|off|true|false)$ ]]; then
      may_have=
    else
      needs= may_have=
      if ((ended)) || [[ $word != -* || $word == -[0-9]* || $word == - ]]; then
        ((++position))
      elif [[ $word == -- ]]; then
        ended=1
      elif [[ $word != *=* && $word != --help ]]; then
        if _killrvideo_is_switch "$word"; then may_have=$word; else needs=$word; fi
      fi
    fi
  done
}

# What is offered replaces only what bash takes for the last word.
_killrvideo_cut() {
  local i last=${COMP_WORDS[COMP_CWORD]}
  [[ $last =~ ^[=:]+$ ]] && last=
  local kept=$((${#current} - ${#last}))
  for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]:kept}; done
}

)";

constexpr auto completion = R"(_killrvideo() {
  local command=${COMP_WORDS[1]} words=() position=0 needs='' may_have='' ended=0
  local current value before=''
  COMPREPLY=()
  _killrvideo_read_line
  current=${words[-1]} value=$current
  if ((${#words[@]} == 2)); then
    _killrvideo_commands
    return
  fi
  _killrvideo_read_words
  if [[ -n $needs && $current != -?* ]]; then
    _killrvideo_value "$needs"
  elif ((!ended)) && [[ $current == --*=* ]]; then
    value=${current#*=} before=${current%%=*}=
    _killrvideo_value "${current%%=*}"
  elif ((!ended)) && [[ $current == -* ]]; then
    _killrvideo_flags
  else
    if [[ -n $may_have ]]; then _killrvideo_value "$may_have"; fi
    _killrvideo_value "$position"
  fi
  _killrvideo_cut
}

complete -F _killrvideo killrvideo
)";

}  // namespace

std::string bash_completion() {
  const auto names = fmt::format("{}", fmt::join(all_command_names(), " "));
  std::string out = functions;
  out += "_killrvideo_commands() { _killrvideo_words '" + names + " help --help --version'; }\n\n";
  out += lookup("_killrvideo_value", "\"$command $1\"",
                "    'help 0') _killrvideo_words '" + names + "' ;;\n",
                [](std::string& rows, const Command& command) {
                  append_values(rows, command);
                  append_positional_values(rows, command);
                }) +
         "}\n\n";
  out +=
      lookup("_killrvideo_is_switch", "\"$command $1\"", "", append_switches) + "  return 1\n}\n\n";
  out += lookup("_killrvideo_flags", "$command", "", append_flags) + "}\n\n";
  return out + completion;
}

}  // namespace killrvideo::cli
