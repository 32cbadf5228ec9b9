// Starting on a store that does not always answer.
#include "app/application.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "app/stores.hpp"
#include "events/forwarding_engine.hpp"
#include "events/outbox.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

class Starting : public ::testing::Test {
 protected:
  /// An application on a store that fails the first look into each of these tables.
  std::unique_ptr<Application> application_on(std::set<std::string> failing) {
    auto engine = std::make_unique<storage::ForwardingEngine>(target_->engine());
    failing_ = std::move(failing);
    engine->on_get([this](const storage::TableInfo& table, std::size_t) {
      const std::lock_guard lock(mutex_);
      if (failing_.erase(table.name) > 0) throw Error(Code::unavailable, table.name);
    });
    return std::make_unique<Application>(config_, operations_,
                                         std::make_unique<storage::Store>(std::move(engine)));
  }

  static Config configured(StoreEngine engine, const std::filesystem::path& directory) {
    Config config = default_config();
    config.store = engine;
    config.data_dir = directory;
    return config;
  }

  /// Whether each of the tables has been failed; the application looks in several threads.
  bool all_failed() {
    const std::lock_guard lock(mutex_);
    return failing_.empty();
  }

  std::mutex mutex_;
  std::set<std::string> failing_;
  storage::TemporaryDirectory directory_;
  storage::TemporaryStore target_;
  Operations operations_;
  Config config_ = configured(StoreEngine::cassandra, directory_.path());
};

TEST_F(Starting, is_patient_to_its_end) {
  auto application = application_on({outbox_positions.name});
  EXPECT_TRUE(
      wait_for_store(config_, operations_, [] { return false; }, [&] { application->start(); }));
  EXPECT_TRUE(all_failed());
}

TEST_F(Starting, can_be_given_up) {
  auto application = application_on({outbox_positions.name});
  int asked = 0;
  EXPECT_FALSE(wait_for_store(
      config_, operations_, [&] { return ++asked > 1; }, [&] { application->start(); }));
}

TEST_F(Starting, waits_for_no_store_in_a_directory) {
  config_.store = StoreEngine::rocksdb;
  auto application = application_on({outbox_positions.name});
  EXPECT_THROW(wait_for_store(
                   config_, operations_, [] { return false; }, [&] { application->start(); }),
               Error);
}

}  // namespace
}  // namespace killrvideo
