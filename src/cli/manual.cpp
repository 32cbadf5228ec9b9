#include <algorithm>

#include "app/settings.hpp"
#include "app/version.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/printed.hpp"

namespace killrvideo::cli {
namespace {

// Text as roff takes it literally: a hyphen is a hyphen and not a dash.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

// Lines of text; what would be a request at the beginning of a line is made harmless.
std::string paragraph(std::string_view text) {
  const auto escaped = roff(text);
  return (escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" : "") + escaped + "\n";
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string section(std::string_view name) { return ".SH \"" + std::string(name) + "\"\n"; }
std::string subsection(std::string_view name) { return ".SS \"" + roff(name) + "\"\n"; }

std::string item(const std::string& term, std::string_view meaning) {
  return ".TP\n" + term + "\n" + paragraph(meaning);
}

std::string flag_item(const Setting& setting, const std::string& notes) {
  return item(bold("--" + std::string(setting.name)) + " " + italic(value_in_help(setting)),
              std::string(setting.help) + notes);
}

void append_man_paragraphs(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find("\n\n"), text.size());
    out += ".PP\n" + paragraph(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

std::string settings_sentence(const Command& command) {
  if (command.settings.size() == all_settings().size()) return "It takes all settings.";
  std::string sentence = "Of the settings, it takes ";
  for (std::size_t i = 0; i < command.settings.size(); ++i) {
    if (i > 0) sentence += i + 1 == command.settings.size() ? " and " : ", ";
    sentence += "--" + std::string(command.settings[i]);
  }
  return sentence + ".";
}

void append_command(std::string& out, const Command& command) {
  out += subsection(usage(command));
  out += paragraph(std::string(command.summary) + ".");
  append_man_paragraphs(out, command.description);
  for (const auto& positional : command.positionals) {
    out += item(italic(positional.name), positional.help);
  }
  for (const auto& flag : command.flags) out += flag_item(flag, value_notes(flag));
  if (!command.settings.empty()) append_man_paragraphs(out, settings_sentence(command));
}

void append_settings(std::string& out) {
  std::string_view heading;
  for (const auto& setting : all_settings()) {
    if (setting.section != heading) out += subsection(setting.section);
    heading = setting.section;
    out += flag_item(setting,
                     value_notes(setting) + " Environment: " + environment_names(setting) + ".");
  }
}

void append_exit_codes(std::string& out) {
  for (const auto& [code, meaning] : exit_codes) {
    out += item(bold(std::to_string(static_cast<int>(code))), meaning);
  }
}

}  // namespace

std::string manual() {
  std::string out = ".TH KILLRVIDEO 1 \"\" \"killrvideo " + roff(version()) + "\"\n";
  out += section("NAME") + "killrvideo \\- " + roff(program_purpose) + "\n";
  out += section("SYNOPSIS") + bold("killrvideo") + " " + italic("COMMAND") + " [" +
         italic("FLAGS") + "] [" + italic("ARGUMENTS") + "]\n";
  out += section("DESCRIPTION") +
         paragraph(
             "One program keeps the users, videos, comments, ratings and statistics of a "
             "video-sharing site and offers them as gRPC services, with a store of its own "
             "in a directory. Results are written to standard output; messages and the log, "
             "one line an event, to standard error.");
  out += section("COMMANDS");
  for (const auto& command : all_commands()) append_command(out, command);
  out += section("SETTINGS") +
         paragraph(
             "A setting can be given as a flag, as an environment variable and as a key of "
             "the configuration file, which is TOML: --data-dir DIR, KILLRVIDEO_DATA_DIR=DIR "
             "and data-dir = \"DIR\" are the same. Flags come first, then the environment, "
             "then the file, then the default. An empty environment variable is as good as "
             "none.") +
         ".PP\n" +
         paragraph(
             "A flag's value is the next word, which then does not begin with a hyphen unless it "
             "is a number, or stands behind an equals sign, where it may be anything: "
             "--data-dir=--strange. A flag that takes on or off is on without a value. -- ends "
             "the flags; what follows are arguments. A path that begins with ~/ is in the home "
             "directory, wherever it is given.");
  append_settings(out);
  out += section("EXIT STATUS");
  append_exit_codes(out);
  return out;
}

}  // namespace killrvideo::cli
