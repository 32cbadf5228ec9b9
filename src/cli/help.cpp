#include "cli/help.hpp"

#include <algorithm>

#include "app/settings.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

constexpr std::size_t width = 80;

// Appends the words of `text` with line breaks at `width`, all lines but the first indented.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
  std::size_t column = indent;
  bool first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!first && column + 1 + word.size() > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

void append_paragraphs(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find("\n\n"), text.size());
    out += '\n';
    append_wrapped(out, text.substr(0, end), 0);
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
  append_wrapped(out, meaning, column);
}

void append_setting(std::string& out, const Setting& setting) {
  append_entry(out, "--" + std::string(setting.name) + " " + setting.kind.placeholder,
               std::string(setting.help) + value_notes(setting), 8);
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
  const auto& kind = setting.kind;
  const bool says_itself = kind.completes == Completes::files || kind.words.empty() == false;
  if (!says_itself && kind.completes == Completes::nothing) {
    notes += " It takes " + kind.allowed + ".";
  }
  if (setting.repeatable) notes += " It can be given several times.";
  if (!setting.fallback.empty()) notes += " Default: " + std::string(setting.fallback) + ".";
  return notes;
}

std::string program_help() {
  std::string out =
      "KillrVideo: the back end of a video-sharing site in one program, over gRPC.\n"
      "\n"
      "Usage: killrvideo COMMAND [FLAGS] [ARGUMENTS]\n"
      "\n"
      "Commands:\n";
  for (const auto& command : all_commands()) {
    append_entry(out, std::string(command.name), command.summary, 16);
  }
  out +=
      "\n"
      "Begin with `killrvideo serve --sample-data on`; it prints calls to try.\n"
      "`killrvideo COMMAND --help` explains one command, and the man page all of them:\n"
      "`killrvideo print man | man -l -`.\n";
  return out;
}

std::string command_help(const Command& command) {
  std::string out;
  append_wrapped(out, std::string(command.summary) + ".", 0);
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
        "those the configuration file (data-dir = \"…\").\n";
  }
  return out;
}

}  // namespace killrvideo::cli
