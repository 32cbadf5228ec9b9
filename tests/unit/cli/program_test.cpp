#include <gmock/gmock.h>
#include <cstdlib>

#include <algorithm>
#include <sstream>

#include "app/settings.hpp"
#include "cli/commands.hpp"
#include "cli/run.hpp"

namespace killrvideo::cli {
namespace {

using testing::AnyOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::ptrdiff_t width(const std::string& line) {
  return std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; });
}

void expect_narrow(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    // A list without a space cannot be broken.
    if (line.find("users,catalog") == line.npos) {
      EXPECT_LE(width(line), 80) << line;
    }
    EXPECT_FALSE(line.ends_with(' ')) << '"' << line << '"';
  }
}

TEST(Program, explains_itself) {
  const auto help = killrvideo_run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  for (const auto& command : all_commands()) {
    EXPECT_THAT(help.out, HasSubstr("\n  " + std::string(command.name) + " "));
  }
  expect_narrow(help.out);
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{}, {"-h"}, {"help"}, {"help", "--help"}}) {
    EXPECT_EQ(killrvideo_run(arguments).out, help.out);
  }
}

TEST(Program, explains_each_command) {
  for (const auto& command : all_commands()) {
    const std::string name(command.name);
    const auto help = killrvideo_run({name, "--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("\nUsage: killrvideo " + name));
    for (const auto setting : command.settings) {
      EXPECT_THAT(help.out, HasSubstr("\n  --" + std::string(setting) + " "));
    }
    for (const auto& flag : command.flags) {
      const std::string named = "\n  --" + std::string(flag.name);
      EXPECT_THAT(help.out, AnyOf(HasSubstr(named + " "), HasSubstr(named + "\n")));
    }
    expect_narrow(help.out);
    EXPECT_EQ(killrvideo_run({"help", name}).out, help.out);
    EXPECT_EQ(killrvideo_run({name, "-h"}).out, help.out);
  }
}

TEST(Program, prints_its_version) {
  EXPECT_THAT(killrvideo_run({"version"}).out, StartsWith("killrvideo 0."));
  EXPECT_EQ(killrvideo_run({"--version"}).out, killrvideo_run({"version"}).out);
}

TEST(Program, refuses_wrong_command_lines_in_one_line) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"srve"}, "unknown command 'srve'; did you mean 'serve'? See `killrvideo --help`"},
      {{"quux"}, "unknown command 'quux'; see `killrvideo --help`"},
      {{"--data-dir", "x"},
       "the first argument is a command, not '--data-dir'; see `killrvideo --help`"},
      {{"help", "bakcup"},
       "unknown command 'bakcup'; did you mean 'backup'? See "
       "`killrvideo --help`"},
      {{"check-config", "--gprc-address", "x"},
       "check-config: unknown flag '--gprc-address'; did you mean '--grpc-address'? See "
       "`killrvideo check-config --help`"},
      {{"check-config", "--gprc-address=x"},
       "check-config: unknown flag '--gprc-address'; did you mean '--grpc-address'? See "
       "`killrvideo check-config --help`"},
      {{"check-config", "-x"},
       "check-config: unknown flag '-x'; see `killrvideo check-config --help`"},
      {{"check-config", "more"},
       "check-config: unexpected argument 'more'; see `killrvideo check-config --help`"},
      {{"check-config", "--store", "rocksdb", "more"},
       "check-config: unexpected argument 'more'; see `killrvideo check-config --help`"},
      {{"check-config", "--store"},
       "check-config: --store needs a value; see `killrvideo check-config --help`"},
      {{"check-config", "--data-dir="},
       "data-dir: '' (from --data-dir) is not allowed; it takes a directory"},
      {{"check-config", "--max-in-flight=0"},
       "max-in-flight: '0' (from --max-in-flight) is not allowed; it takes a whole number from 1 "
       "to 1000000"},
      {{"check-config", "--data-dir", "--store", "rocksdb"},
       "check-config: --data-dir needs a value, and '--store' looks like a flag; if it is the "
       "value, write --data-dir=--store; see `killrvideo check-config --help`"},
      {{"serve", "--sample-data", "yes"},
       "serve: --sample-data takes on or off, not 'yes'; see `killrvideo serve --help`"},
      {{"help", "serve", "more"}, "help: unexpected argument 'more'; see `killrvideo --help`"},
      {{"print"}, "print: WHAT is missing; see `killrvideo print --help`"},
      {{"print", "men"},
       "WHAT: 'men' (from the command line) is not allowed; it takes one of man, bash-completion, "
       "config"},
      {{"call", "GetVideo", "--timeout", "soon"},
       "timeout: 'soon' (from --timeout) is not allowed; it takes a whole number of seconds from 1 "
       "to 86400"},
      {{"version", "a\nb"},
       "version: unexpected argument 'a\\nb'; see `killrvideo version --help`"},
  };
  for (const auto& [arguments, message] : cases) {
    const auto ended = killrvideo_run(arguments);
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_EQ(ended.out, "") << message;
    EXPECT_EQ(ended.err, "killrvideo: " + message + "\n");
  }
}

TEST(Program, takes_the_last_of_equal_flags_and_both_spellings) {
  EXPECT_THAT(killrvideo_run({"check-config", "--data-dir", "a", "--data-dir=b=c"}).out,
              HasSubstr("data-dir = b=c  (from --data-dir)\n"));
}

TEST(Program, reads_the_environment) {
  ::setenv("KILLRVIDEO_MAX_IN_FLIGHT", "17", 1);
  const auto good = killrvideo_run({"check-config"});
  ::setenv("KILLRVIDEO_MAX_IN_FLIGHT", "many", 1);
  const auto bad = killrvideo_run({"check-config"});
  const auto unconcerned = killrvideo_run({"version"});
  ::unsetenv("KILLRVIDEO_MAX_IN_FLIGHT");
  EXPECT_EQ(good.code, 0);
  EXPECT_THAT(good.out, HasSubstr("max-in-flight = 17  (from environment variable "
                                  "KILLRVIDEO_MAX_IN_FLIGHT)\n"));
  EXPECT_THAT(good.out, EndsWith("The configuration is valid.\n"));
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("environment variable KILLRVIDEO_MAX_IN_FLIGHT"));
  EXPECT_EQ(unconcerned.code, 0);
}

TEST(Commands, have_settings_that_exist_and_flags_of_their_own) {
  for (const auto& command : all_commands()) {
    EXPECT_NE(command.run, nullptr) << command.name;
    EXPECT_FALSE(command.summary.ends_with('.')) << command.name;
    for (const auto name : command.settings) {
      EXPECT_NE(find_setting(name), nullptr) << command.name << " " << name;
    }
    for (const auto& flag : command.flags) {
      EXPECT_THAT(command.settings, testing::Not(testing::Contains(flag.name))) << command.name;
      if (!flag.fallback.empty()) {
        EXPECT_TRUE(flag.kind.parse(flag.fallback)) << flag.name;
      }
    }
  }
}

}  // namespace
}  // namespace killrvideo::cli
