// kill -9 at the worst moments, on each engine. The process that dies is this test, started again
// by GoogleTest's death test; what it leaves is then delivered here: on a cluster by a process that
// has to take over.
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>

#include "events/relay_fixture.hpp"
#include "ratings/tables.hpp"
#include "storage/cassandra/cluster.hpp"
#include "storage/cassandra/server.hpp"
#include "storage/forwarding_engine.hpp"

namespace killrvideo {
namespace {

namespace fs = std::filesystem;
using testing::KilledBySignal;

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

// The effect of an event: rating 1 to 5 of a video by a user who is told by it, in place of the one
// before. It is there once however often the event comes.
Task<void> apply(storage::Store& store, const UserRatedVideo& event) {
  storage::Batch batch;
  const VideoId video(*Uuid::parse(event.video_id().value()));
  batch.insert(video_ratings_by_user, {video, UserId{}, event.rating(), {}});
  co_await store.commit({}, std::move(batch));
}

const storage::Schema& tables_of_events() {
  static const storage::Schema schema{
      .tables = {&outbox_events, &storage::queue_positions, &outbox_dead_letters,
                 &video_ratings_by_user, &storage::leases},
      .migrations = {}};
  return schema;
}

class RelayCrash : public ::testing::TestWithParam<std::string> {
 protected:
  // The process that dies has to use the same directory or keyspace as the one that looks at what
  // is left.
  RelayCrash() {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (::getenv(variable)) return;
    if (shared()) {
      keyspace_ = std::make_unique<storage::cassandra::TemporaryKeyspace>();
      ::setenv(variable, keyspace_->name().c_str(), 1);
    } else {
      directory_ = std::make_unique<storage::TemporaryDirectory>(storage::memory_directory());
      ::setenv(variable, directory_->path().c_str(), 1);
    }
  }
  ~RelayCrash() override {
    if (keyspace_ || directory_) ::unsetenv(variable);
  }

  static bool shared() { return GetParam() == "cassandra"; }

  static std::unique_ptr<storage::Store> open() {
    const std::string place = ::getenv(variable);
    if (!shared())
      return storage::rocksdb_engine::open_store(fs::path(place) / "store", tables_of_events(), {});
    const Context context(0, std::chrono::system_clock::now() + 3min);
    return storage::cassandra::open_store(storage::connect_to_test_cluster(), tables_of_events(),
                                          {.name = place}, context);
  }

  static Relay::Options options() {
    Relay::Options options;
    options.shared = shared();
    options.lease_duration = 2s;
    options.reading_interval = 50ms;
    return options;
  }

  /// Opens what is left, delivers it, and looks whether the effect of the events is there.
  void deliver_what_is_left(std::size_t left) {
    const auto store = open();
    auto waiting = run(store->scan({}, outbox_events, {}, 100)).rows;
    EXPECT_EQ(waiting.size(), left);
    EventMetrics metrics;
    Relay relay(*store,
                EventHandlers().on<UserRatedVideo>(
                    "effect",
                    [&](const Context&, const UserRatedVideo& event) -> Task<void> {
                      co_await apply(*store, event);
                    }),
                options(), metrics);
    EXPECT_TRUE(
        eventually([&] { return run(store->scan({}, outbox_events, {}, 1)).rows.empty(); }));
    auto effects = run(store->scan({}, video_ratings_by_user, {}, 100)).rows;
    ASSERT_EQ(effects.size(), 1);
    EXPECT_EQ(effects[0].rating, 5);
  }

  static constexpr auto variable = "KILLRVIDEO_TEST_CRASH_PLACE";
  std::unique_ptr<storage::TemporaryDirectory> directory_;
  std::unique_ptr<storage::cassandra::TemporaryKeyspace> keyspace_;
};

// The events of one video: the last one decides.
void write_events(storage::Store& store) {
  const auto video = Uuid::random();
  for (int stars : {3, 4, 5}) write_event(store, video, stars);
}

using Commit = std::function<void(const std::vector<storage::Mutation>&)>;
using Handler = std::function<Task<void>(storage::Store&, const UserRatedVideo&)>;

// Writes the events and delivers them to `handler`, until something of that dies; `on_commit` is
// called with what is about to be committed.
void deliver_until_death(const std::unique_ptr<storage::Store>& opened, const Commit& on_commit,
                         const Handler& handler, const Relay::Options& options) {
  auto watched = std::make_unique<storage::ForwardingEngine>(opened->engine());
  watched->on_commit(on_commit);
  storage::Store store(std::move(watched));
  run(make_outbox_positions(store, {}));
  write_events(store);
  EventMetrics metrics;
  Relay relay(store,
              EventHandlers().on<UserRatedVideo>(
                  "dies or not",
                  [&](const Context&, const UserRatedVideo& event) -> Task<void> {
                    co_await handler(store, event);
                  }),
              options, metrics);
  eventually([] { return false; });
}

void nothing(const std::vector<storage::Mutation>&) {}

TEST_P(RelayCrash, BetweenTheWriteAndTheDelivery) {
  EXPECT_EXIT(
      {
        const auto store = open();
        run(make_outbox_positions(*store, {}));
        write_events(*store);
        die();
      },
      KilledBySignal(SIGKILL), "");
  deliver_what_is_left(3);
}

TEST_P(RelayCrash, DuringAHandler) {
  const auto handler = [](storage::Store& store, const UserRatedVideo& event) -> Task<void> {
    co_await apply(store, event);
    die();
  };
  EXPECT_EXIT(deliver_until_death(open(), nothing, handler, options()), KilledBySignal(SIGKILL),
              "");
  deliver_what_is_left(3);
}

TEST_P(RelayCrash, BetweenTheHandlerAndTheDelete) {
  const auto on_commit = [](const std::vector<storage::Mutation>& mutations) {
    for (const auto& mutation : mutations)
      if (mutation.kind == storage::Mutation::Kind::remove) die();
  };
  EXPECT_EXIT(deliver_until_death(open(), on_commit, apply, options()), KilledBySignal(SIGKILL),
              "");
  deliver_what_is_left(3);
}

TEST_P(RelayCrash, WhileAnEventIsMadeADeadLetter) {
  const auto on_commit = [](const std::vector<storage::Mutation>& mutations) {
    for (const auto& mutation : mutations)
      if (mutation.table == &outbox_dead_letters) die();
  };
  const auto handler = [](storage::Store&, const UserRatedVideo&) -> Task<void> {
    throw std::runtime_error("no");
    co_return;
  };
  auto impatient = options();
  impatient.limits.retries.tries = 1;
  EXPECT_EXIT(deliver_until_death(open(), on_commit, handler, impatient), KilledBySignal(SIGKILL),
              "");
  deliver_what_is_left(3);
}

INSTANTIATE_TEST_SUITE_P(Engines, RelayCrash, ::testing::Values("rocksdb", "cassandra"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace killrvideo
