#include "app/setting.hpp"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "common/error.hpp"
#include "common/log.hpp"
#include "common/number.hpp"
#include "common/text.hpp"

namespace killrvideo {
namespace {

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::optional<std::int64_t> parse_within(std::string_view text, std::int64_t least,
                                         std::int64_t most) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  struct Unit {
    std::string_view suffix;
    std::int64_t bytes;
  };
  for (const auto unit : {Unit{"KiB", 1 << 10}, Unit{"MiB", 1 << 20}, Unit{"GiB", 1 << 30}}) {
    if (!text.ends_with(unit.suffix)) continue;
    const auto number =
        parse_number<std::int64_t>(text.substr(0, text.size() - unit.suffix.size()));
    std::int64_t product = 0;
    if (!number || __builtin_mul_overflow(*number, unit.bytes, &product)) return std::nullopt;
    return product;
  }
  return parse_number<std::int64_t>(text);
}

std::string range(std::int64_t least, std::int64_t most) {
  if (most == std::numeric_limits<std::int64_t>::max()) {
    return "of at least " + std::to_string(least);
  }
  return "from " + std::to_string(least) + " to " + std::to_string(most);
}

std::optional<SettingValue> parse_list(std::string_view text,
                                       const std::function<bool(std::string_view)>& is_element) {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    auto element = text.substr(begin, end - begin);
    while (element.starts_with(' ')) element.remove_prefix(1);
    while (element.ends_with(' ')) element.remove_suffix(1);
    if (!is_element(element)) return std::nullopt;
    list.emplace_back(element);
    begin = end + 1;
  }
  return list;
}

std::optional<std::string> problem_with_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::strerror(errno);
  struct stat status{};
  ::fstat(file, &status);
  ::close(file);
  if (S_ISDIR(status.st_mode)) return "it is a directory";
  return std::nullopt;
}

// A shell replaces "~" only where a word begins with it, and nobody does in a file. Throws Error
// that says why it cannot be replaced.
std::filesystem::path at_home(const std::filesystem::path& path) {
  const std::string& text = path.native();
  if (!text.starts_with('~')) return path;
  if (text.size() > 1 && text[1] != '/')
    throw Error(
        Code::invalid_argument,
        "is not allowed: the homes of other users are not looked up; write the path out, or "
        "./" +
            text + " if that is its name");
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    throw Error(Code::invalid_argument,
                "cannot be used: ~ is the home directory, but the environment variable HOME is not "
                "set");
  return home + text.substr(1);
}

std::string begin_message(std::string_view text, std::string_view origin) {
  return "'" + log::one_line(text) + "' (from " + std::string(origin) + ") ";
}

}  // namespace

namespace kinds {

ValueKind whole_number(std::int64_t least, std::int64_t most) {
  return {.placeholder = "N",
          .allowed = "a whole number " + range(least, most),
          .parse = [=](std::string_view text) -> std::optional<SettingValue> {
            return parse_within(text, least, most);
          }};
}

ValueKind byte_size(std::int64_t least, std::int64_t most) {
  return {.placeholder = "BYTES",
          .allowed = "a number of bytes " + range(least, most) +
                     ", plain or with KiB, MiB or GiB behind it",
          .parse = [=](std::string_view text) -> std::optional<SettingValue> {
            const auto bytes = parse_bytes(text);
            return bytes && *bytes >= least && *bytes <= most ? bytes : std::nullopt;
          }};
}

ValueKind seconds(std::int64_t least, std::int64_t most) {
  return {.placeholder = "SECONDS",
          .allowed = "a whole number of seconds " + range(least, most),
          .parse = [=](std::string_view text) -> std::optional<SettingValue> {
            const auto number = parse_within(text, least, most);
            return number ? std::optional<SettingValue>(std::chrono::seconds(*number))
                          : std::nullopt;
          }};
}

ValueKind network_address() {
  return {.placeholder = "HOST:PORT",
          .allowed = "HOST:PORT, such as 127.0.0.1:50101 or [::1]:50101; port 0 is any free one",
          .parse = [](std::string_view text) -> std::optional<SettingValue> {
            return parse_address(text);
          }};
}

ValueKind on_or_off() {
  return {.placeholder = "on|off",
          .allowed = "on or off",
          .parse = [](std::string_view text) -> std::optional<SettingValue> {
            if (text == "on" || text == "true") return true;
            if (text == "off" || text == "false") return false;
            return std::nullopt;
          },
          .words = {"on", "off"},
          .completes = Completes::words,
          .without_value = "on"};
}

ValueKind one_of(std::vector<std::string_view> words,
                 std::vector<std::pair<std::string_view, std::string_view>> aliases) {
  const auto find = [words, aliases](std::string_view text) -> std::optional<SettingValue> {
    auto folded = aliases.empty() ? std::string(text) : lower_ascii(text);
    for (const auto& [alias, word] : aliases) {
      if (folded == alias) return std::string(word);
    }
    if (contains(words, folded)) return folded;
    return std::nullopt;
  };
  return {.placeholder = fmt::format("{}", fmt::join(words, "|")),
          .allowed = fmt::format("one of {}", fmt::join(words, ", ")),
          .parse = find,
          .words = words,
          .completes = Completes::words};
}

ValueKind some_of(std::vector<std::string_view> words) {
  auto kind =
      list_of("LIST", fmt::format("some of {}, separated by commas", fmt::join(words, ", ")),
              [words](std::string_view text) { return contains(words, text); });
  kind.words = std::move(words);
  kind.completes = Completes::list;
  return kind;
}

ValueKind list_of(std::string placeholder, std::string allowed,
                  std::function<bool(std::string_view)> is_element) {
  return {.placeholder = std::move(placeholder),
          .allowed = std::move(allowed),
          .parse = [is_element = std::move(is_element)](std::string_view text) {
            return parse_list(text, is_element);
          }};
}

ValueKind text_like(std::string placeholder, std::string allowed,
                    std::function<bool(std::string_view)> is_right) {
  return {.placeholder = std::move(placeholder),
          .allowed = std::move(allowed),
          .parse = [is_right = std::move(is_right)](
                       std::string_view given) -> std::optional<SettingValue> {
            if (!is_right(given)) return std::nullopt;
            return std::string(given);
          }};
}

ValueKind text(std::string placeholder) {
  return text_like(std::move(placeholder), "any text but an empty one",
                   [](std::string_view given) { return !given.empty(); });
}

ValueKind readable_file() {
  ValueKind kind = directory();
  kind.placeholder = "FILE";
  kind.allowed = "a file that exists and can be read";
  kind.completes = Completes::files;
  kind.readable_file = true;
  return kind;
}

ValueKind directory() {
  return {.placeholder = "DIR",
          .allowed = "a directory",
          .parse = [](std::string_view given) -> std::optional<SettingValue> {
            if (given.empty() || given.contains('\0')) return std::nullopt;
            return std::filesystem::path(given);
          },
          .completes = Completes::directories};
}

}  // namespace kinds

std::string environment_name(const Setting& setting) {
  std::string name = "KILLRVIDEO_";
  for (const char c : setting.name) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

SettingValue parse_value(const Setting& setting, std::string_view given, std::string_view origin) {
  auto value = setting.kind.parse(given);
  if (!value)
    throw invalid(
        std::string(setting.name),
        begin_message(given, origin) + "is not allowed; it takes " + setting.kind.allowed);
  if (auto* path = std::get_if<std::filesystem::path>(&*value)) {
    try {
      *path = at_home(*path);
    } catch (const Error& error) {
      throw invalid(std::string(setting.name), begin_message(given, origin) + error.what());
    }
  }
  return *std::move(value);
}

void check_usable(const Setting& setting, const SettingValue& value, std::string_view origin) {
  if (!setting.kind.readable_file) return;
  const auto& path = std::get<std::filesystem::path>(value);
  if (const auto problem = problem_with_file(path)) {
    throw invalid(std::string(setting.name), begin_message(path.native(), origin) +
                                                 "cannot be read: " + *problem + "; it takes " +
                                                 setting.kind.allowed);
  }
}

}  // namespace killrvideo
