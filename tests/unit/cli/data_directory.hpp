// A data directory for tests of commands on it.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "app/config.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/run.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::cli {

class OnDataDirectory : public ::testing::Test {
 protected:
  Config config() const {
    auto config = default_config();
    config.data_dir = directory_.path();
    return config;
  }

  void with_store(const std::function<void(storage::Store&)>& use) { use(*open_store(config())); }

  /// `killrvideo` with these arguments and the data directory.
  Ended run_on_it(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data-dir", directory_.path().string()});
    return killrvideo_run(arguments);
  }

  storage::TemporaryDirectory directory_;
};

}  // namespace killrvideo::cli
