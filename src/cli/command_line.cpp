#include "cli/command_line.hpp"

#include <algorithm>
#include <utility>

#include "app/settings.hpp"
#include "app/suggest.hpp"
#include "cli/exit_code.hpp"

namespace killrvideo::cli {
namespace {

const Setting* flag_of(const Command& command, std::string_view name) {
  if (std::ranges::find(command.settings, name) != command.settings.end())
    return find_setting(name);
  const auto own = std::ranges::find(command.flags, name, &Setting::name);
  return own == command.flags.end() ? nullptr : &*own;
}

std::vector<std::string> flag_names(const Command& command) {
  std::vector<std::string> names{"--help"};
  for (const auto name : command.settings) names.push_back("--" + std::string(name));
  for (const auto& flag : command.flags) names.push_back("--" + std::string(flag.name));
  return names;
}

// A number may be below zero, and a hyphen alone stands for standard input.
bool looks_like_flag(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9');
}

class Reader {
 public:
  Reader(const Command& command, std::span<const std::string> words)
      : command_(command), words_(words) {}

  Texts read() {
    while (!words_.empty()) {
      const auto& word = take();
      if (word == "--" && !ended_) {
        ended_ = true;
        switch_ = nullptr;
      } else if (looks_like_flag(word) && !ended_) {
        read_flag(word);
      } else {
        add_positional(word);
      }
    }
    check_required();
    return std::move(texts_);
  }

 private:
  const std::string& take() {
    const auto& word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  void read_flag(const std::string& word) {
    const auto equals = word.find('=');
    const auto flag = word.substr(0, equals);
    const auto* setting = flag.starts_with("--") ? flag_of(command_, flag.substr(2)) : nullptr;
    if (setting == nullptr) unknown_flag(flag);
    auto& text = texts_[std::string(setting->name)];
    switch_ = nullptr;
    if (equals != word.npos) {
      text = word.substr(equals + 1);
    } else if (setting->kind.without_value.empty()) {
      text = value_of(flag);
    } else {
      const bool has_value = !words_.empty() && setting->kind.parse(words_.front());
      text = has_value ? take() : setting->kind.without_value;
      if (!has_value) switch_ = setting;
    }
  }

  const std::string& value_of(const std::string& flag) {
    if (words_.empty()) fail(flag + " needs a value");
    const auto& next = words_.front();
    if (looks_like_flag(next))
      fail(flag + " needs a value, and '" + next +
           "' looks like a flag; if it is the value, write " + flag + "=" + next);
    return take();
  }

  void add_positional(const std::string& word) {
    if (positionals_ == command_.positionals.size()) {
      if (switch_ != nullptr)
        fail("--" + std::string(switch_->name) + " takes " + switch_->kind.allowed + ", not '" +
             word + "'");
      fail("unexpected argument '" + word + "'");
    }
    texts_[std::string(command_.positionals[positionals_++].name)] = word;
    switch_ = nullptr;
  }

  void check_required() const {
    for (const auto& positional : command_.positionals)
      if (positional.required && !texts_.contains(positional.name))
        fail(std::string(positional.name) + " is missing");
  }

  [[noreturn]] void unknown_flag(const std::string& flag) const {
    const auto names = flag_names(command_);
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    fail("unknown flag '" + flag + "'" + did_you_mean(flag, candidates));
  }

  [[noreturn]] void fail(const std::string& message) const {
    const std::string name(command_.name);
    usage_error(name + ": " + message, name + " --help");
  }

  const Command& command_;
  std::span<const std::string> words_;  // that are not read yet
  Texts texts_;
  std::size_t positionals_ = 0;
  bool ended_ = false;               // the flags are
  const Setting* switch_ = nullptr;  // the flag just before, if it was given without a value
};

}  // namespace

bool asks_for_help(std::string_view word) { return word == "-h" || word == "--help"; }

std::optional<Texts> read_command_line(const Command& command,
                                       std::span<const std::string> arguments) {
  if (std::any_of(arguments.begin(), std::ranges::find(arguments, "--"), asks_for_help))
    return std::nullopt;
  return Reader(command, arguments).read();
}

void usage_error(const std::string& message, std::string_view help) {
  const auto* separator = message.ends_with('?') ? " See" : "; see";
  throw Exit(ExitCode::usage, message + separator + " `killrvideo " + std::string(help) + "`");
}

}  // namespace killrvideo::cli
