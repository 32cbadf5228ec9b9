// Store contract: a walk over a partition is right for any page sizes and whatever is written
// meanwhile.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;

class StoreWalks : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreWalks, ::testing::ValuesIn(engines()), engine_name);

using Position = std::pair<std::int32_t, std::uint8_t>;  // time and id, of few values each

/// The clustering order of events: times descending, ids ascending.
struct ClusteringOrder {
  bool operator()(const Position& a, const Position& b) const {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  }
};
using Positions = std::set<Position, ClusteringOrder>;

Event event_at(const Uuid& calendar, const Position& position) {
  Event event{calendar, Timestamp{std::chrono::milliseconds{position.first}},
              *Uuid::parse("00000000-0000-4000-8000-000000000000"), "title"};
  event.id.bytes.back() = position.second;
  return event;
}

Position position_of(const Event& event) {
  return {static_cast<std::int32_t>(event.time.time_since_epoch().count()), event.id.bytes.back()};
}

rc::Gen<Position> any_position() {
  return rc::gen::pair(rc::gen::inRange<std::int32_t>(-3, 4), rc::gen::inRange<std::uint8_t>(0, 8));
}

TEST_P(StoreWalks, every_row_comes_once_and_in_order_while_others_come_and_go) {
  auto property = [&] {
    const Uuid calendar = Uuid::random();
    Positions rows;
    Batch before;
    for (const Position& position :
         *rc::gen::container<std::vector<Position>>(20, any_position())) {
      if (rows.insert(position).second) before.insert(events, event_at(calendar, position));
    }
    commit(before);

    std::vector<Position> walked;
    Positions removed, missed;  // missed: added where the walk had already been
    std::string state;
    do {
      auto size = *rc::gen::inRange<std::size_t>(1, 6);
      auto next = slice(events, {calendar}, SliceQuery<>{.size = size, .state = state});
      RC_ASSERT(next.rows.size() <= size);
      RC_ASSERT(next.rows.size() == size || next.state.empty());
      for (const Event& row : next.rows) walked.push_back(position_of(row));
      state = next.state;
      if (state.empty()) break;

      Position added = *any_position();
      if (rows.insert(added).second && ClusteringOrder{}(added, walked.back()))
        missed.insert(added);
      Position gone = *any_position();
      if (gone == added) gone.first += 100;  // a batch touches a row once
      if (rows.erase(gone) && !ClusteringOrder{}(walked.back(), gone)) removed.insert(gone);
      commit(Batch()
                 .insert(events, event_at(calendar, added))
                 .remove(events,
                         {calendar, event_at(calendar, gone).time, event_at(calendar, gone).id}));
    } while (true);

    RC_ASSERT(std::ranges::is_sorted(walked, ClusteringOrder{}));
    RC_ASSERT(std::ranges::adjacent_find(walked) == walked.end());
    Positions seen(walked.begin(), walked.end());
    for (const Position& row : rows) RC_ASSERT(seen.contains(row) || missed.contains(row));
    for (const Position& row : seen) RC_ASSERT(rows.contains(row) || removed.contains(row));
  };
  EXPECT_TRUE(rc::check(property));
}

TEST_P(StoreWalks, a_walk_from_anywhere_is_the_rest_of_the_partition) {
  auto property = [&] {
    const Uuid calendar = Uuid::random();
    Positions rows;
    Batch batch;
    for (const Position& position : *rc::gen::container<std::vector<Position>>(any_position())) {
      if (rows.insert(position).second) batch.insert(events, event_at(calendar, position));
    }
    commit(batch);

    Position from = *any_position();
    std::tuple<Timestamp, Uuid> start{event_at(calendar, from).time, event_at(calendar, from).id};
    std::vector<Position> expected(rows.lower_bound(from), rows.end());
    std::vector<Position> walked;
    std::string state;
    do {
      auto size = *rc::gen::inRange<std::size_t>(1, 10);
      auto next =
          slice(events, {calendar}, SliceQuery<std::tuple<Timestamp, Uuid>>{size, start, state});
      for (const Event& row : next.rows) walked.push_back(position_of(row));
      state = next.state;
    } while (!state.empty());
    RC_ASSERT(walked == expected);
  };
  EXPECT_TRUE(rc::check(property));
}

}  // namespace
}  // namespace killrvideo::storage
