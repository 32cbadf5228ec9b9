#include "events/handlers.hpp"

#include <gmock/gmock.h>

#include "common/error.hpp"
#include "ratings/ratings_events.pb.h"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {
namespace {

using ratings::events::UserRatedVideo;
using video_catalog::events::YouTubeVideoAdded;

const std::string rated = UserRatedVideo().GetTypeName();

TEST(EventHandlers, CallsThoseOfTheTypeInTheOrderInWhichTheyWereAdded) {
  std::vector<std::string> calls;
  EventHandlers handlers;
  handlers
      .on<UserRatedVideo>("second by name",
                          [&](const Context&, const UserRatedVideo& event) -> Task<void> {
                            calls.push_back("rated " + std::to_string(event.rating()));
                            co_return;
                          })
      .on<YouTubeVideoAdded>("of another type",
                             [&](const Context&, const YouTubeVideoAdded&) -> Task<void> {
                               calls.emplace_back("added");
                               co_return;
                             })
      .on<UserRatedVideo>("first by name",
                          [&](const Context&, const UserRatedVideo&) -> Task<void> {
                            calls.emplace_back("rated, too");
                            co_return;
                          });
  UserRatedVideo event;
  event.set_rating(4);
  for (const EventHandler& handler : handlers.of(rated))
    run(handler.handle({}, {.payload = {event.SerializeAsString()}}));
  EXPECT_THAT(calls, testing::ElementsAre("rated 4", "rated, too"));
}

TEST(EventHandlers, HasNoneForATypeThatNobodyListensTo) {
  EXPECT_TRUE(EventHandlers().of(rated).empty());
}

TEST(EventHandlers, KnowsWhatNobodyListensTo) {
  EventHandlers handlers;
  EXPECT_FALSE(handlers.know(rated));
  handlers.on_nobody<UserRatedVideo>();
  EXPECT_TRUE(handlers.know(rated));
  EXPECT_TRUE(handlers.of(rated).empty());
  EXPECT_TRUE(handlers.types().empty());
  EXPECT_TRUE(handlers.names().empty());
}

TEST(EventHandlers, OfOneNamePassOthersBy) {
  EventHandlers handlers;
  handlers.on<UserRatedVideo>("a", [](const Context&, const auto&) -> Task<void> { co_return; });
  EXPECT_TRUE(handlers.named("a").know(YouTubeVideoAdded().GetTypeName()));
  EXPECT_FALSE(handlers.know(YouTubeVideoAdded().GetTypeName()));
}

TEST(EventHandlers, AreMissedByTheNameOfTheEvent) {
  EventHandlers handlers;
  handlers.on_nobody<UserRatedVideo>();
  const std::vector<std::string> types{rated, "killrvideo.other.events.Unheard"};
  EXPECT_NO_THROW(handlers.require(std::span(types).first(1)));
  EXPECT_THAT([&] { handlers.require(types); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("killrvideo.other.events.Unheard")));
}

TEST(EventHandlers, ListsEachNameOnce) {
  EventHandlers handlers;
  const auto ignore = [](const Context&, const auto&) -> Task<void> { co_return; };
  handlers.on<UserRatedVideo>("b", ignore)
      .on<YouTubeVideoAdded>("b", ignore)
      .on<UserRatedVideo>("a", ignore);
  EXPECT_THAT(handlers.names(), testing::ElementsAre("a", "b"));
}

TEST(EventHandlers, RunInParallelIfThatIsSaid) {
  EventHandlers handlers;
  handlers.in_parallel("a").in_parallel("b",
                                        {.may_run = [] { return false; }, .unlimited_tries = true});
  EXPECT_TRUE(handlers.sharing_of("a")->may_run());
  EXPECT_FALSE(handlers.sharing_of("a")->unlimited_tries);
  EXPECT_FALSE(handlers.sharing_of("b")->may_run());
  EXPECT_TRUE(handlers.sharing_of("b")->unlimited_tries);
  EXPECT_EQ(handlers.sharing_of("c"), nullptr);
}

TEST(EventHandlers, RefusesWhatIsNoSuchMessage) {
  EventHandlers handlers;
  bool called = false;
  handlers.on<UserRatedVideo>("listener", [&](const Context&, const UserRatedVideo&) -> Task<void> {
    called = true;
    co_return;
  });
  EXPECT_THROW(run(handlers.of(rated)[0].handle({}, {.payload = {"\xff\xff\xff"}})), Error);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace killrvideo
