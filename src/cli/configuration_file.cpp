#include <algorithm>

#include "app/settings.hpp"
#include "cli/help.hpp"
#include "cli/printed.hpp"

namespace killrvideo::cli {
namespace {

bool is_number(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string list(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words) result += (result.empty() ? "[" : ", ") + toml_string(word);
  return result + "]";
}

// The setting's default as TOML writes it; its placeholder if it has none.
std::string literal(const Setting& setting) {
  if (setting.fallback.empty()) return toml_string(setting.kind.placeholder);
  const auto value = parse_value(setting, setting.fallback, "the default");
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) return list(*words);
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
  return is_number(setting.fallback) ? std::string(setting.fallback)
                                     : toml_string(setting.fallback);
}

std::string explanation(const Setting& setting) {
  const bool is_path = setting.kind.completes == Completes::files ||
                       setting.kind.completes == Completes::directories;
  return std::string(setting.help) + (is_path ? "" : " It takes " + setting.kind.allowed + ".");
}

void append_commented(std::string& out, const Setting& setting) {
  out += "\n" + wrapped(explanation(setting), "# ") + "#" + std::string(setting.name) + " = " +
         literal(setting) + "\n";
}

}  // namespace

std::string commented_configuration() {
  auto out = wrapped(
      "Configuration of killrvideo, read by `killrvideo serve --config FILE` and checked by "
      "`killrvideo check-config --config FILE`. Every setting is here, commented out at its "
      "default. Environment variables and flags override this file.",
      "# ");
  std::string_view section;
  for (const auto& setting : all_settings()) {
    if (!setting.in_file) continue;
    if (setting.section != section) out += "\n\n# " + std::string(setting.section) + "\n";
    section = setting.section;
    append_commented(out, setting);
  }
  return out;
}

}  // namespace killrvideo::cli
