#include "common/group_worker.hpp"

#include <gmock/gmock.h>

#include <latch>

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

struct Item {
  int number;
  Uuid key = Uuid::random();
};

class GroupWorkerTest : public ::testing::Test {
 protected:
  // The worker is busy with the first item until go_on().
  GroupWorkerTest() {
    process({0});
    busy_.wait();
  }

  /// Lets the worker go on, and waits until all items are processed.
  void go_on() {
    waiting_.count_down();
    while (done_ < begun_) std::this_thread::sleep_for(1ms);
  }

  void process(Item item) {
    ++begun_;
    start(worker_.process(item), [this, number = item.number](std::exception_ptr error) {
      if (error) failed_.push_back(number);
      ++done_;
    });
  }

  std::vector<std::vector<int>> groups_;
  std::vector<int> failed_;
  int bad_ = -1;

 private:
  void work(std::span<const Item> items) {
    if (groups_.empty()) busy_.count_down();
    waiting_.wait();
    auto& group = groups_.emplace_back();
    for (const Item& item : items) group.push_back(item.number);
    if (std::ranges::find(group, bad_) != group.end()) throw std::runtime_error("a bad item");
  }

  std::latch busy_{1}, waiting_{1};
  std::atomic<int> begun_ = 0, done_ = 0;
  GroupWorker<Item> worker_{"items",
                            {.at_a_time = 3, .waiting = 5},
                            [](const Item& item) { return item.key; },
                            [this](std::span<const Item> items) { work(items); }};
};

using testing::ElementsAre;

TEST_F(GroupWorkerTest, takes_what_waits_in_groups_and_in_order) {
  for (int i = 1; i <= 5; ++i) process({i});
  go_on();
  EXPECT_THAT(groups_, ElementsAre(ElementsAre(0), ElementsAre(1, 2, 3), ElementsAre(4, 5)));
}

TEST_F(GroupWorkerTest, takes_items_of_one_key_one_after_the_other) {
  const Uuid key = Uuid::random();
  process({1, key});
  process({2, key});
  process({3});
  go_on();
  EXPECT_THAT(groups_, ElementsAre(ElementsAre(0), ElementsAre(1, 3), ElementsAre(2)));
}

TEST_F(GroupWorkerTest, tries_items_alone_if_their_group_fails) {
  bad_ = 2;
  for (int i = 1; i <= 3; ++i) process({i});
  go_on();
  EXPECT_THAT(groups_, ElementsAre(ElementsAre(0), ElementsAre(1, 2, 3), ElementsAre(1),
                                   ElementsAre(2), ElementsAre(3)));
  EXPECT_THAT(failed_, ElementsAre(2));
}

TEST_F(GroupWorkerTest, refuses_what_is_too_much) {
  for (int i = 1; i <= 6; ++i) process({i});
  EXPECT_THAT(failed_, ElementsAre(6));
  go_on();
  EXPECT_THAT(failed_, ElementsAre(6));
}

}  // namespace
}  // namespace killrvideo
