#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/modules/module.hpp"
#include "common/error.hpp"

namespace killrvideo {
namespace {

using testing::ElementsAre;

/// Writes down what happens to it.
class Noted : public Module {
 public:
  Noted(std::vector<std::string>& notes, std::string name, int failures = 0)
      : notes_(notes), name_(std::move(name)), failures_(failures) {}
  ~Noted() override { notes_.push_back("destroy " + name_); }

  void start() override {
    if (failures_-- > 0) throw Error(Code::unavailable, name_ + " cannot start");
    notes_.push_back("start " + name_);
  }
  void stop() override { notes_.push_back("stop " + name_); }
  std::string problem() const override { return failures_ < -1 ? name_ : ""; }

 private:
  std::vector<std::string>& notes_;
  const std::string name_;
  int failures_;
};

TEST(ModulesTest, are_started_in_order_and_stopped_and_destroyed_in_reverse) {
  std::vector<std::string> notes;
  {
    Modules modules;
    modules.make<Noted>(notes, "a");
    modules.make<Noted>(notes, "b");
    modules.start();
    EXPECT_THAT(notes, ElementsAre("start a", "start b"));
    modules.stop();
    modules.stop();
    EXPECT_THAT(notes, ElementsAre("start a", "start b", "stop b", "stop a"));
    notes.clear();
  }
  EXPECT_THAT(notes, ElementsAre("destroy b", "destroy a"));
}

TEST(ModulesTest, a_start_that_fails_half_way_stops_what_was_started) {
  std::vector<std::string> notes;
  {
    Modules modules;
    modules.make<Noted>(notes, "a");
    modules.make<Noted>(notes, "b", 1);
    modules.make<Noted>(notes, "c");
    EXPECT_THROW(modules.start(), Error);
  }
  EXPECT_THAT(notes, ElementsAre("start a", "stop a", "destroy c", "destroy b", "destroy a"));
}

TEST(ModulesTest, the_next_start_goes_on_where_the_last_one_failed) {
  std::vector<std::string> notes;
  Modules modules;
  modules.make<Noted>(notes, "a");
  modules.make<Noted>(notes, "b", 2);
  modules.make<Noted>(notes, "c");
  EXPECT_THROW(modules.start(), Error);
  EXPECT_THROW(modules.start(), Error);
  modules.start();
  EXPECT_THAT(notes, ElementsAre("start a", "start b", "start c"));
}

TEST(ModulesTest, tell_the_first_problem) {
  std::vector<std::string> notes;
  Modules modules;
  modules.make<Noted>(notes, "well");
  EXPECT_EQ(modules.problem(), "");
  modules.make<Noted>(notes, "ill", -1);
  modules.make<Noted>(notes, "worse", -1);
  modules.start();
  EXPECT_EQ(modules.problem(), "ill");
}

}  // namespace
}  // namespace killrvideo
