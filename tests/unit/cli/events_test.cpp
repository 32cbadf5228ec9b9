#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "app/data_directory.hpp"
#include "app/dead_letter_routes.hpp"
#include "cli/data_directory.hpp"
#include "events/dead_letters.hpp"
#include "ratings/ratings_events.pb.h"
#include "transport/http/server.hpp"

namespace killrvideo::cli {
namespace {

using testing::HasSubstr;

// A data directory with two dead letters.
class EventsCommand : public OnDataDirectory {
 protected:
  EventsCommand() { add({first_, second_}); }

  void add(const std::vector<TimeUuid>& ids) {
    ratings::events::UserRatedVideo event;
    event.set_rating(4);
    storage::Batch batch;
    for (const auto& id : ids)
      batch.insert(outbox_dead_letters, {1,
                                         id,
                                         Uuid::random(),
                                         event.GetTypeName(),
                                         storage::Blob{event.SerializeAsString()},
                                         "recommender",
                                         "it failed",
                                         7,
                                         {},
                                         Trace::begin().to_string()});
    with_store([&](storage::Store& store) { killrvideo::run(store.commit({}, std::move(batch))); });
  }

  // More than there are on one page.
  std::set<std::string> add_many() {
    std::vector<TimeUuid> ids(1'200);
    std::ranges::generate(ids, TimeUuid::now);
    add(ids);
    std::set<std::string> all{first_.to_string(), second_.to_string()};
    for (const TimeUuid& id : ids) all.insert(id.to_string());
    return all;
  }

  Ended events(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "events");
    return run_on_it(std::move(arguments));
  }

  std::size_t waiting() {
    std::size_t count = 0;
    with_store([&](storage::Store& store) {
      count = killrvideo::run(store.scan({}, outbox_events, {}, 10'000)).rows.size();
    });
    return count;
  }

  static std::multiset<std::string> ids_in(const std::string& listed) {
    std::multiset<std::string> ids;
    std::istringstream lines(listed);
    for (std::string line; std::getline(lines, line);)
      ids.emplace(boost::json::parse(line).at("event").as_string());
    return ids;
  }

  const TimeUuid first_ = TimeUuid::now(), second_ = TimeUuid::now();
};

TEST_F(EventsCommand, ListsDeadLetters) {
  const auto listed = events({"list"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  std::istringstream lines(listed.out);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const auto letter = boost::json::parse(line).as_object();
  EXPECT_EQ(letter.at("event").as_string(), first_.to_string());
  EXPECT_EQ(letter.at("type").as_string(), "killrvideo.ratings.events.UserRatedVideo");
  EXPECT_EQ(letter.at("handlers").as_string(), "recommender");
  EXPECT_EQ(letter.at("error").as_string(), "it failed");
  EXPECT_EQ(letter.at("tries").as_int64(), 7);
  EXPECT_EQ(letter.at("message").at("rating").as_int64(), 4);
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(EventsCommand, ListsEachOfManyOnce) {
  const auto all = add_many();
  EXPECT_THAT(ids_in(events({"list"}).out), testing::ElementsAreArray(all));
}

TEST_F(EventsCommand, ListsThoseOfARunningServerPageByPage) {
  const auto all = add_many();
  with_store([&](storage::Store& store) {
    http::Routes routes;
    add_dead_letter_routes(routes, store);
    const auto first = routes.handle({.method = "GET", .path = dead_letters_path});
    EXPECT_THAT(ids_in(first.body), testing::SizeIs(testing::Lt(all.size() / 2)));
    EXPECT_NE(first.header(paging_state_header), "");
    const auto bad = routes.handle(
        {.method = "GET", .path = dead_letters_path, .query = {{paging_state_parameter, "00"}}});
    EXPECT_EQ(bad.status, 400);

    http::Server server(admin_socket(config()), std::move(routes));
    EXPECT_THAT(ids_in(events({"list"}).out), testing::ElementsAreArray(all));
  });
}

TEST_F(EventsCommand, SendsAllOfManyAgain) {
  const auto all = add_many();
  EXPECT_EQ(events({"resend", "all"}).out, std::to_string(all.size()) + " sent again\n");
  EXPECT_EQ(waiting(), all.size());
  EXPECT_EQ(events({"list"}).out, "");
}

TEST_F(EventsCommand, SendsAgain) {
  EXPECT_EQ(events({"resend", second_.to_string()}).out, "1 sent again\n");
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(events({"resend", "all"}).out, "1 sent again\n");
  EXPECT_EQ(waiting(), 2);
  EXPECT_EQ(events({"list"}).out, "");
}

TEST_F(EventsCommand, Discards) {
  EXPECT_EQ(events({"discard", first_.to_string()}).out, "1 discarded\n");
  EXPECT_THAT(events({"list"}).out, testing::Not(HasSubstr(first_.to_string())));
  EXPECT_EQ(events({"discard", "all"}).out, "1 discarded\n");
  EXPECT_EQ(events({"list"}).out, "");
  EXPECT_EQ(waiting(), 0);
}

TEST_F(EventsCommand, SaysWhatIsWrong) {
  EXPECT_EQ(events({"discard"}).code, 2);
  EXPECT_THAT(events({"resend"}).err, HasSubstr("needs the id of an event, or `all`"));
  EXPECT_THAT(events({"resend", "nonsense"}).err, HasSubstr("nonsense"));
  const auto unknown = events({"discard", TimeUuid::now().to_string()});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("there is no dead letter"));
  EXPECT_EQ(killrvideo_run({"events", "list", "--data-dir", "/nonexistent/directory"}).code, 4);
}

}  // namespace
}  // namespace killrvideo::cli
