// Starting on a store that does not always answer.
#include "app/application.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>
#include <set>

#include "app/stores.hpp"
#include "events/outbox.hpp"
#include "storage/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

class Starting : public ::testing::Test {
 protected:
  /// An application on a store that fails the first look into each of these tables.
  std::unique_ptr<Application> application_on(std::set<std::string> failing) {
    auto engine = std::make_unique<storage::ForwardingEngine>(target_->engine());
    engine->pretend(traits_);
    failing_ = std::move(failing);
    engine->on_slice([this](const storage::TableInfo& table, const storage::RawSliceQuery&) {
      const std::lock_guard lock(mutex_);
      if (failing_.erase(table.name) > 0) throw Error(Code::unavailable, table.name);
    });
    return std::make_unique<Application>(config_, operations_,
                                         std::make_unique<storage::Store>(std::move(engine)));
  }

  static Config configured(const std::filesystem::path& directory) {
    Config config = default_config();
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
  Config config_ = configured(directory_.path());
  storage::EngineTraits traits_{.shared = true, .batches_appear_whole = false};
};

TEST_F(Starting, is_patient_to_its_end) {
  auto application = application_on({storage::queue_positions.name});
  EXPECT_TRUE(wait_for_store(
      application->store(), operations_, [] { return false; }, [&] { application->start(); }));
  EXPECT_TRUE(all_failed());
}

TEST_F(Starting, can_be_given_up) {
  auto application = application_on({storage::queue_positions.name});
  int asked = 0;
  EXPECT_FALSE(wait_for_store(
      application->store(), operations_, [&] { return ++asked > 1; },
      [&] { application->start(); }));
}

TEST_F(Starting, waits_for_no_store_in_a_directory) {
  traits_ = {.shared = false, .batches_appear_whole = true};
  auto application = application_on({storage::queue_positions.name});
  EXPECT_THROW(
      wait_for_store(
          application->store(), operations_, [] { return false; }, [&] { application->start(); }),
      Error);
}

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

struct Made {
  std::set<Service> services;
  bool deliver_events;
  bool passwords;  ///< whether they are hashed here
  bool index;      ///< whether there is one here
};

class Making : public Starting, public testing::WithParamInterface<Made> {
 protected:
  void SetUp() override {
    traits_ = {.shared = false, .batches_appear_whole = true};
    config_.password_threads = 40;
  }

  const std::ptrdiff_t threads_before_ = threads_of_this_process();
};

TEST_P(Making, makes_what_its_services_need) {
  const auto& made = GetParam();
  config_.services = made.services;
  config_.deliver_events = made.deliver_events;
  auto application = application_on({});
  EXPECT_EQ(threads_of_this_process() - threads_before_ > 30, made.passwords);
  application->start();
  EXPECT_EQ(std::filesystem::exists(directory_.path() / "search"), made.index);
}

TEST_F(Starting, makes_no_thread_for_comments_alone) {
  const auto before = threads_of_this_process();
  config_.services = {Service::comments};
  config_.deliver_events = false;
  auto application = application_on({});
  EXPECT_LE(threads_of_this_process(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Services, Making,
    testing::Values(Made{{Service::comments}, false, false, false},
                    Made{{Service::comments}, true, false, false},
                    Made{{Service::users}, false, true, false},
                    Made{{Service::search}, false, false, true},
                    Made{{Service::suggestions, Service::ratings}, false, false, false},
                    Made{default_config().services, true, true, true}));

}  // namespace
}  // namespace killrvideo
