#include "cli/help.hpp"

#include <algorithm>

#include "app/settings.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

constexpr std::size_t width = 80;

// Appends `text` to a line that has come to `indent` already, and breaks lines at `width`; further
// lines begin with `prefix`, which is as long as the indent.
void append_wrapped(std::string& out, std::string_view text, std::string_view prefix) {
  std::size_t column = prefix.size();
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > prefix.size() && column + 1 + word.size() > width) {
      out += '\n';
      out += prefix;
      column = prefix.size();
    } else if (column > prefix.size()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

void append_paragraphs(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find("\n\n"), text.size());
    out += '\n';
    append_wrapped(out, text.substr(0, end), "");
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

// A term in the left column, what it means in the right one.
void append_entry(std::string& out, const std::string& term, std::string_view meaning,
                  std::size_t column) {
  out += "  " + term;
  if (term.size() + 4 > column) {
    out += '\n';
    out.append(column, ' ');
  } else {
    out.append(column - term.size() - 2, ' ');
  }
  append_wrapped(out, meaning, std::string(column, ' '));
}

// The usual environment name goes without saying.
std::string further_names(const Setting& setting) {
  return setting.also.empty() ? "" : " Environment: " + environment_names(setting) + ".";
}

void append_setting(std::string& out, const Setting& setting) {
  append_entry(out, "--" + std::string(setting.name) + " " + value_in_help(setting),
               std::string(setting.help) + value_notes(setting) + further_names(setting), 8);
}

void append_settings(std::string& out, const Command& command) {
  std::string_view section;
  for (const auto& setting : all_settings()) {
    if (std::ranges::find(command.settings, setting.name) == command.settings.end()) continue;
    if (setting.section != section) out += "\n" + std::string(setting.section) + ":\n";
    section = setting.section;
    append_setting(out, setting);
  }
}

void append_positionals(std::string& out, const Command& command) {
  if (!command.positionals.empty()) out += "\nArguments:\n";
  for (const auto& positional : command.positionals) {
    append_entry(out, std::string(positional.name), positional.help, 16);
  }
}

}  // namespace

std::string usage(const Command& command) {
  std::string line = "killrvideo " + std::string(command.name);
  if (!command.settings.empty() || !command.flags.empty()) line += " [FLAGS]";
  for (const auto& positional : command.positionals) {
    const std::string name(positional.name);
    line += positional.required ? " " + name : " [" + name + "]";
  }
  return line;
}

std::string value_notes(const Setting& setting) {
  std::string notes;
  const auto completes = setting.kind.completes;
  // What words and paths are shows in the placeholder.
  if (completes == Completes::nothing || completes == Completes::list) {
    notes += " It takes " + setting.kind.allowed + ".";
  }
  if (!setting.fallback.empty()) notes += " Default: " + std::string(setting.fallback) + ".";
  return notes;
}

std::string value_in_help(const Setting& setting) {
  const auto& value = setting.kind.placeholder;
  return setting.kind.without_value.empty() ? value : "[" + value + "]";
}

std::string environment_names(const Setting& setting) {
  auto names = environment_name(setting);
  for (const auto& also : setting.also) {
    names += ", " + std::string(also.name);
    if (!also.meaning.empty()) names += " (" + std::string(also.meaning) + ")";
  }
  return names;
}

std::string wrapped(std::string_view text, std::string_view prefix) {
  std::string out(prefix);
  append_wrapped(out, text, prefix);
  return out;
}

std::string program_help() {
  std::string out = "KillrVideo: " + std::string(program_purpose) +
                    ".\n"
                    "\n"
                    "Usage: killrvideo COMMAND [FLAGS] [ARGUMENTS]\n"
                    "\n"
                    "Commands:\n";
  for (const auto& command : all_commands()) {
    append_entry(out, std::string(command.name), command.summary, 16);
  }
  out +=
      "\n"
      "Begin with `killrvideo serve --sample-data`; it prints calls to try.\n"
      "`killrvideo COMMAND --help` explains one command, and the man page all of them:\n"
      "`killrvideo print man | man -l -`.\n";
  return out;
}

std::string command_help(const Command& command) {
  std::string out;
  append_wrapped(out, std::string(command.summary) + ".", "");
  out += "\nUsage: " + usage(command) + "\n";
  append_paragraphs(out, command.description);
  append_positionals(out, command);
  if (!command.flags.empty()) out += "\nFlags of this command:\n";
  for (const auto& flag : command.flags) append_setting(out, flag);
  append_settings(out, command);
  if (!command.settings.empty()) {
    out +=
        "\n"
        "Flags override environment variables (--data-dir is KILLRVIDEO_DATA_DIR), and\n"
        "those the configuration file (data-dir = \"…\"). A value that begins with a hyphen\n"
        "stands behind an equals sign: --data-dir=--strange.\n";
  }
  return out;
}

}  // namespace killrvideo::cli
