// Store contract: counters.
#include <gmock/gmock.h>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using ::testing::ElementsAre;

class StoreCounters : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreCounters, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreCounters, additions_add_up) {
  Uuid id = Uuid::random();
  EXPECT_EQ(get(tallies, {id}), std::nullopt);
  add(tallies, {id, {1}, {10}});
  EXPECT_EQ(get(tallies, {id}), (Tally{id, {1}, {10}}));
  add(tallies, {id, {2}, {-20}});
  add(tallies, {id, {0}, {5}});
  EXPECT_EQ(get(tallies, {id}), (Tally{id, {3}, {-5}}));
}

TEST_P(StoreCounters, totals_can_be_large) {
  Uuid id = Uuid::random();
  constexpr std::int64_t large = 4'000'000'000'000'000'000;
  for (std::int64_t step : {large, large, -large}) add(tallies, {id, {step}, {-step}});
  EXPECT_EQ(get(tallies, {id}), (Tally{id, {large}, {-large}}));
}

TEST_P(StoreCounters, additions_of_a_batch_all_count) {
  Uuid id = Uuid::random();
  Uuid other = Uuid::random();
  Person person{Uuid::random(), "Ada", {}, {}, {}};
  commit(Batch()
             .add(tallies, {id, {1}, {0}})
             .add(tallies, {other, {1}, {1}})
             .add(hourly_tallies, {id, 12, {5}})
             .insert(people, person));
  EXPECT_EQ(get(tallies, {id}), (Tally{id, {1}, {0}}));
  EXPECT_EQ(get(tallies, {other}), (Tally{other, {1}, {1}}));
  EXPECT_EQ(get(hourly_tallies, {id, 12}), (HourlyTally{id, 12, {5}}));
  EXPECT_EQ(get(people, {person.id}), person);
}

TEST_P(StoreCounters, concurrent_additions_all_count) {
  constexpr int writers = 8, additions = 50;
  Uuid id = Uuid::random();
  at_once(writers, [&](int writer) {
    for (int i = 0; i < additions; ++i) add(tallies, {id, {1}, {writer}});
  });
  EXPECT_EQ(get(tallies, {id}),
            (Tally{id, {writers * additions}, {additions * writers * (writers - 1) / 2}}));
}

TEST_P(StoreCounters, many_additions_to_one_row_are_read_as_one) {
  Uuid id = Uuid::random();
  for (int i = 0; i < 100; ++i) add(tallies, {id, {i}, {1}});
  EXPECT_EQ(get(tallies, {id}), (Tally{id, {4950}, {100}}));
}

TEST_P(StoreCounters, rows_of_counters_page_and_go_like_others) {
  Uuid id = Uuid::random();
  for (std::int32_t hour : {23, 0, 12}) add(hourly_tallies, {id, hour, {hour + 1}});
  EXPECT_THAT(
      walk(hourly_tallies, {id}, 2),
      ElementsAre(HourlyTally{id, 0, {1}}, HourlyTally{id, 12, {13}}, HourlyTally{id, 23, {24}}));
  remove(hourly_tallies, {id, 12});
  EXPECT_THAT(walk(hourly_tallies, {id}, 2),
              ElementsAre(HourlyTally{id, 0, {1}}, HourlyTally{id, 23, {24}}));
}

}  // namespace
}  // namespace killrvideo::storage
