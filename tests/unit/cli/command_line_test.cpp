#include "cli/command_line.hpp"

#include <gmock/gmock.h>

#include "app/settings.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

using testing::StartsWith;
using Words = std::vector<std::string>;

// A command with a flag of each kind that differs on the command line.
const Command sample{
    .name = "sample",
    .summary = "Sample",
    .flags = {{.name = "dir", .kind = kinds::directory(), .fallback = "", .help = ""},
              {.name = "number", .kind = kinds::whole_number(-9, 9), .fallback = "", .help = ""},
              {.name = "switch", .kind = kinds::on_or_off(), .fallback = "off", .help = ""}},
    .positionals = {{.name = "ONE", .kind = kinds::text("ONE"), .help = "", .required = false},
                    {.name = "TWO", .kind = kinds::text("TWO"), .help = "", .required = false}}};

// What a command line is read as: the message it is refused with, if it is.
struct Reading {
  Words words;
  Texts texts = {};
  std::string refusal = {};
};

void PrintTo(const Reading& reading, std::ostream* out) {
  for (const auto& word : reading.words) *out << "'" << word << "' ";
}

std::string refusal_of(const Command& command, const Words& words) {
  try {
    read_command_line(command, words);
  } catch (const Exit& exit) {
    EXPECT_EQ(exit.code(), ExitCode::usage);
    return exit.what();
  }
  return {};
}

class CommandLine : public testing::TestWithParam<Reading> {};

TEST_P(CommandLine, is_read_as_the_table_says) {
  const auto& [words, texts, refusal] = GetParam();
  if (refusal.empty()) {
    EXPECT_EQ(read_command_line(sample, words), texts);
  } else {
    EXPECT_THAT(refusal_of(sample, words), StartsWith("sample: " + refusal));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, CommandLine,
    testing::Values(
        Reading{{}, {}},
        // Values of their own.
        Reading{{"--dir", "x"}, {{"dir", "x"}}}, Reading{{"--dir", ""}, {{"dir", ""}}},
        Reading{{"--dir", "a=b"}, {{"dir", "a=b"}}},
        Reading{{"--dir", "a", "--dir", "b"}, {{"dir", "b"}}},
        Reading{{"--dir", "-"}, {{"dir", "-"}}}, Reading{{"--number", "-5"}, {{"number", "-5"}}},
        // Forgotten ones.
        Reading{{"--dir"}, {}, "--dir needs a value"},
        Reading{{"--dir", "--number", "5"},
                {},
                "--dir needs a value, and '--number' looks like a flag; if it is the value, write "
                "--dir=--number"},
        Reading{{"--dir", "--unknown"},
                {},
                "--dir needs a value, and '--unknown' looks like a flag; if it is the value, write "
                "--dir=--unknown"},
        Reading{{"--number", "-x"},
                {},
                "--number needs a value, and '-x' looks like a flag; if it is the value, write "
                "--number=-x"},
        Reading{{"--dir", "--", "x"},
                {},
                "--dir needs a value, and '--' looks like a flag; if it is the value, write "
                "--dir=--"},
        // Behind an equals sign.
        Reading{{"--dir=x"}, {{"dir", "x"}}},
        Reading{{"--dir=--number", "x"}, {{"dir", "--number"}, {"ONE", "x"}}},
        Reading{{"--dir=-"}, {{"dir", "-"}}}, Reading{{"--dir=--"}, {{"dir", "--"}}},
        Reading{{"--dir=--help"}, {{"dir", "--help"}}},
        Reading{{"--dir=", "x"}, {{"dir", ""}, {"ONE", "x"}}},
        Reading{{"--dir==="}, {{"dir", "=="}}},
        // On or off.
        Reading{{"--switch"}, {{"switch", "on"}}},
        Reading{{"--switch", "off"}, {{"switch", "off"}}},
        Reading{{"--switch", "true", "x"}, {{"switch", "true"}, {"ONE", "x"}}},
        Reading{{"--switch", "x"}, {{"switch", "on"}, {"ONE", "x"}}},
        Reading{{"--switch", "--dir", "x"}, {{"switch", "on"}, {"dir", "x"}}},
        Reading{{"--switch", "--", "off"}, {{"switch", "on"}, {"ONE", "off"}}},
        Reading{{"--switch=off", "on"}, {{"switch", "off"}, {"ONE", "on"}}},
        Reading{{"--switch=yes"}, {{"switch", "yes"}}}, Reading{{"--switch="}, {{"switch", ""}}},
        Reading{{"a", "b", "--switch", "yes"}, {}, "--switch takes on or off, not 'yes'"},
        // Positionals.
        Reading{{"a", "--dir", "x", "b"}, {{"ONE", "a"}, {"dir", "x"}, {"TWO", "b"}}},
        Reading{{"-", "-1"}, {{"ONE", "-"}, {"TWO", "-1"}}},
        Reading{{"a", "b", "c"}, {}, "unexpected argument 'c'"},
        Reading{{"a", "b", "--switch", "--", "c"}, {}, "unexpected argument 'c'"},
        // The end of the flags.
        Reading{{"--", "--dir", "x"}, {{"ONE", "--dir"}, {"TWO", "x"}}},
        Reading{{"--", "--"}, {{"ONE", "--"}}},
        Reading{{"a", "--", "--help"}, {{"ONE", "a"}, {"TWO", "--help"}}},
        // What is no flag.
        Reading{{"--nothing"}, {}, "unknown flag '--nothing'"},
        Reading{{"-x"}, {}, "unknown flag '-x'"},
        Reading{{"-dir", "x"}, {}, "unknown flag '-dir'; did you mean '--dir'?"},
        Reading{{"--nothing=x"}, {}, "unknown flag '--nothing'"},
        Reading{{"--="}, {}, "unknown flag '--'"}));

TEST(CommandLine, asks_for_help_whatever_else_there_is) {
  for (const auto& words : std::vector<Words>{
           {"--help"}, {"-h"}, {"--dir", "--help"}, {"--unknown", "-h"}, {"a", "b", "c", "--help"}})
    EXPECT_EQ(read_command_line(sample, words), std::nullopt);
}

// Every flag of every command, with the words that its positionals need.
class EveryFlag : public testing::Test {
 protected:
  template <class Check>
  static void each(Check check) {
    for (const auto& command : all_commands()) {
      Words positionals;
      for (const auto& positional : command.positionals)
        if (positional.required) positionals.emplace_back("positional");
      std::vector<const Setting*> flags;
      for (const auto name : command.settings) flags.push_back(find_setting(name));
      for (const auto& flag : command.flags) flags.push_back(&flag);
      for (const auto* flag : flags) {
        SCOPED_TRACE(std::string(command.name) + " --" + std::string(flag->name));
        check(command, positionals, *flag, "--" + std::string(flag->name));
      }
    }
  }

  static Words joined(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(EveryFlag, takes_no_flag_for_its_value) {
  each([](const Command& command, const Words& positionals, const Setting& setting,
          const std::string& flag) {
    for (const auto& next : {Words{}, Words{"--config", "x"}, Words{"--no-flag"}}) {
      const auto words = joined(joined(positionals, {flag}), next);
      const auto refusal = refusal_of(command, words);
      if (setting.kind.without_value.empty()) {
        EXPECT_THAT(refusal,
                    StartsWith(std::string(command.name) + ": " + flag + " needs a value"));
      } else if (next.empty()) {
        EXPECT_EQ(read_command_line(command, words)->at(std::string(setting.name)), "on");
      }
    }
  });
}

TEST_F(EveryFlag, takes_any_value_behind_an_equals_sign) {
  each([](const Command& command, const Words& positionals, const Setting& setting,
          const std::string& flag) {
    for (const std::string value : {"--config", "-x", "-", "--", "", "a=b", "x y"}) {
      const auto texts = read_command_line(command, joined({flag + "=" + value}, positionals));
      EXPECT_EQ(texts->at(std::string(setting.name)), value);
    }
  });
}

TEST_F(EveryFlag, is_on_without_a_value_if_it_is_on_or_off) {
  each([](const Command& command, const Words& positionals, const Setting& setting,
          const std::string& flag) {
    if (setting.kind.placeholder != "on|off") return;
    const std::string name(setting.name);
    for (const auto& [given, text] : std::vector<std::pair<Words, std::string>>{
             {{flag}, "on"}, {{flag, "off"}, "off"}, {{flag + "=off"}, "off"}}) {
      const auto texts = read_command_line(command, joined(given, positionals));
      EXPECT_EQ(texts->at(name), text);
      for (const auto& positional : command.positionals) {
        if (positional.required) {
          EXPECT_EQ(texts->at(std::string(positional.name)), "positional");
        }
      }
    }
  });
}

}  // namespace
}  // namespace killrvideo::cli
