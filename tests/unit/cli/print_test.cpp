#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/settings.hpp"
#include "cli/commands.hpp"
#include "cli/run.hpp"

namespace killrvideo::cli {
namespace {

using testing::HasSubstr;

class Print : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // What `killrvideo print WHAT` prints, in a file.
  std::string printed(const std::string& what) const {
    const auto ended = killrvideo_run({"print", what});
    EXPECT_EQ(ended.code, 0);
    return file(what, ended.out);
  }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = directory_ / name;
    std::ofstream(path) << text;
    return path.native();
  }

  // What a shell command prints on both its outputs.
  static std::string shell(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                     ::pclose);
    std::string text;
    for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) text += static_cast<char>(c);
    return text;
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("print_test." + std::to_string(::getpid()));
};

TEST_F(Print, makes_a_completion_that_bash_takes) {
  EXPECT_EQ(shell("bash -n " + printed("bash-completion")), "");
}

TEST_F(Print, makes_a_man_page_without_warnings) {
  const auto page = printed("man");
  if (std::system("command -v man > /dev/null") != 0) GTEST_SKIP() << "there is no man";
  EXPECT_EQ(shell("LC_ALL=C.UTF-8 man --warnings -l " + page + " > /dev/null"), "");
}

TEST_F(Print, makes_a_man_page_that_tells_all) {
  const auto page = killrvideo_run({"print", "man"}).out;
  const auto escaped = [](std::string text) {
    for (std::size_t i = 0; (i = text.find('-', i)) != text.npos; i += 2) text.insert(i, "\\");
    return text;
  };
  for (const auto& command : all_commands()) {
    EXPECT_THAT(page, HasSubstr(".SS \"killrvideo " + escaped(std::string(command.name))));
    for (const auto& flag : command.flags) {
      EXPECT_THAT(page, HasSubstr("\\fB" + escaped("--" + std::string(flag.name)) + "\\fR"));
    }
  }
  for (const auto& setting : all_settings()) {
    EXPECT_THAT(page, HasSubstr("\\fB" + escaped("--" + std::string(setting.name)) + "\\fR"));
    EXPECT_THAT(page, HasSubstr(environment_name(setting)));
  }
  EXPECT_THAT(page, HasSubstr("KILLRVIDEO_SERVICE_PORT (the port alone)"));
  for (const auto& [code, meaning] : exit_codes) {
    EXPECT_THAT(page, HasSubstr("\\fB" + std::to_string(static_cast<int>(code)) + "\\fR\n"));
  }
}

TEST_F(Print, makes_a_configuration_that_is_valid_as_it_is) {
  const auto ended = killrvideo_run({"check-config", "--config", printed("config")});
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST_F(Print, makes_a_configuration_of_all_settings_at_their_defaults) {
  auto text = killrvideo_run({"print", "config"}).out;
  for (const auto& setting : all_settings()) {
    if (!setting.in_file) continue;
    const auto line = "\n#" + std::string(setting.name) + " = ";
    const auto found = text.find(line);
    ASSERT_NE(found, text.npos) << setting.name;
    text.erase(found + 1, 1);
  }
  // The files that TLS needs may only be given where it is on.
  const std::string_view plain = "cassandra-tls = false";
  const auto at = text.find(plain);
  ASSERT_NE(at, text.npos);
  text.replace(at, plain.size(), "cassandra-tls = true");
  const auto pem = file("tls.pem", "");
  for (std::size_t i = 0; (i = text.find("\"FILE\"", i)) != text.npos;) {
    text.replace(i, 6, "\"" + pem + "\"");
  }
  const std::map<std::string, std::string, std::less<>> flags{{"config", file("all.toml", text)}};
  const auto chosen =
      choose_settings(all_setting_names(), {.flags = flags, .environment = [](const std::string&) {
                                              return std::optional<std::string>();
                                            }});
  const auto config = make_config(chosen);
  const auto defaults = default_config();
  EXPECT_EQ(config.data_dir, defaults.data_dir);
  EXPECT_EQ(config.services, defaults.services);
  EXPECT_EQ(config.sample_data, defaults.sample_data);
  EXPECT_EQ(config.max_message_bytes, defaults.max_message_bytes);
  EXPECT_EQ(config.grpc_address, defaults.grpc_address);
  EXPECT_EQ(config.tls.key, pem);
  for (const auto& setting : chosen) {
    if (setting.setting->in_file) {
      EXPECT_THAT(setting.origin, HasSubstr("all.toml:")) << setting.setting->name;
    }
  }
}

}  // namespace
}  // namespace killrvideo::cli
