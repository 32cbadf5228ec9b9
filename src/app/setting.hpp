// Settings: what can be configured, and what its text may be.
//
// A Setting is one row of a table. From its rows come the flags, the environment names, the keys of
// the configuration file, the help, the man page, the completion and the commented configuration
// file; nothing about a setting is written down anywhere else. The program's own rows are in
// settings.cpp; commands have rows for the flags that only they take.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/address.hpp"

namespace killrvideo {

struct Config;

/// A setting's value after its text was checked.
using SettingValue = std::variant<bool, std::int64_t, std::string, std::filesystem::path,
                                  std::chrono::seconds, Address, std::vector<std::string>>;

/// What the shell completes after a flag or in a position.
enum class Completes { nothing, words, list, files, directories };

/// A kind of values: reads them and says what they are.
struct ValueKind {
  std::string placeholder;  ///< Stands for the value in help: "DIR".
  std::string allowed;      ///< Completes the sentence "it takes …".
  /// Reads a text; nothing if it is not one of this kind.
  std::function<std::optional<SettingValue>(std::string_view)> parse;
  std::vector<std::string_view> words = {};  ///< The values, where they are a fixed few.
  Completes completes = Completes::nothing;
  /// Whether the value names a file that has to be readable.
  bool readable_file = false;
  /// The text that a flag stands for when it is given without a value; empty if it needs one.
  std::string_view without_value = {};
};

/// The kinds there are, each with the SettingValue that it reads.
namespace kinds {

/// A whole number from `least` to `most`: int64_t.
ValueKind whole_number(std::int64_t least, std::int64_t most);
/// A number of bytes, plain or with KiB, MiB or GiB behind it: int64_t.
ValueKind byte_size(std::int64_t least, std::int64_t most);
/// A time in whole seconds: std::chrono::seconds.
ValueKind seconds(std::int64_t least, std::int64_t most);
/// HOST:PORT: Address.
ValueKind network_address();
/// on or off (true and false are understood too): bool. A flag of this kind alone is on.
ValueKind on_or_off();
/// One of `words`: std::string. `aliases` are taken in any case for the word that they stand for,
/// and then the words themselves are, too.
ValueKind one_of(std::vector<std::string_view> words,
                 std::vector<std::pair<std::string_view, std::string_view>> aliases = {});
/// Some of `words`, separated by commas, at least one: std::vector<std::string>.
ValueKind some_of(std::vector<std::string_view> words);
/// Texts separated by commas, each of which `is_element` accepts: std::vector<std::string>.
ValueKind list_of(std::string placeholder, std::string allowed,
                  std::function<bool(std::string_view)> is_element);
/// A text that `is_right` accepts: std::string.
ValueKind text_like(std::string placeholder, std::string allowed,
                    std::function<bool(std::string_view)> is_right);
/// Any text but an empty one: std::string.
ValueKind text(std::string placeholder);
/// A file that exists and can be read: std::filesystem::path. "~" and "~/" at its beginning stand
/// for the home directory.
ValueKind readable_file();
/// A directory, which need not exist: std::filesystem::path; with "~" as above.
ValueKind directory();

}  // namespace kinds

/// A further name in the environment, for deployments that set it already.
struct EnvironmentName {
  std::string_view name;
  std::string_view meaning = {};  ///< What it says, if not the same as the setting.
  /// Makes the setting's text from what it would be without this variable and the variable's text;
  /// without a function, the variable's text replaces it.
  std::string (*combine)(const std::string& current, const std::string& text) = nullptr;
};

struct Setting {
  std::string name;  ///< "data-dir": the flag --data-dir, KILLRVIDEO_DATA_DIR, data-dir =
  ValueKind kind;
  std::string_view fallback = {};  ///< The default, as text; empty if the setting is then not set.
  std::string help;                ///< One to three sentences.
  /// Puts the value into the configuration; none for the flags of one command, which the command
  /// reads from its Arguments.
  std::function<void(Config&, const SettingValue&)> store = {};
  std::string_view section = {};  ///< The heading that it stands under; settings.cpp only.
  std::vector<EnvironmentName> also = {};
  bool in_file = true;  ///< Whether the configuration file may have it.
};

/// "KILLRVIDEO_DATA_DIR" for data-dir.
std::string environment_name(const Setting& setting);

/// Reads `text`, which `origin` gave ("--data-dir", "killrvideo.toml:3").
/// Throws Error invalid_argument naming the setting, the text, its origin and what is allowed, or
/// why the home directory that a path begins with is not known.
SettingValue parse_value(const Setting& setting, std::string_view text, std::string_view origin);

/// Throws the same kind of Error if the value cannot be used, such as a file that is not there.
void check_usable(const Setting& setting, const SettingValue& value, std::string_view origin);

}  // namespace killrvideo
