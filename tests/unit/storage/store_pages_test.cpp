// Store contract: reading partitions and tables page by page.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class StorePages : public StoreContract {
 protected:
  /// Writes `count` memberships, numbered in steps of 10, and returns them in order.
  std::vector<Membership> write_memberships(const Uuid& group, int count) {
    std::vector<Membership> rows;
    Batch batch;
    for (int i = 0; i < count; ++i) {
      rows.push_back({group, "member", 10 * i});
      batch.insert(memberships, rows.back());
    }
    commit(batch);
    return rows;
  }

  Slice<Membership> members(const Uuid& group, std::size_t size, std::string state = {}) {
    return slice(memberships, {group, "member"},
                 SliceQuery<>{.size = size, .state = std::move(state)});
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StorePages, ::testing::ValuesIn(engines()), engine_name);

Timestamp at(std::int64_t time) { return Timestamp{milliseconds{time}}; }

Uuid uuid_of(std::uint8_t last) {
  Uuid id = *Uuid::parse("00000000-0000-4000-8000-000000000000");
  id.bytes.back() = last;
  return id;
}

TEST_P(StorePages, pages_are_full_and_the_last_one_says_so) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 24);
  for (std::size_t size : {1u, 2u, 5u, 8u, 23u, 24u, 25u, 1000u}) {
    std::string state;
    for (std::size_t begin = 0; begin < rows.size(); begin += size) {
      std::size_t end = std::min(begin + size, rows.size());
      auto next = members(group, size, state);
      EXPECT_THAT(next.rows, ElementsAreArray(rows.data() + begin, rows.data() + end));
      EXPECT_EQ(next.state.empty(), end == rows.size()) << size << " rows from " << begin;
      state = next.state;
    }
  }
}

TEST_P(StorePages, an_empty_partition_has_one_empty_page) {
  auto page = members(Uuid::random(), 10);
  EXPECT_TRUE(page.rows.empty());
  EXPECT_TRUE(page.state.empty());
}

TEST_P(StorePages, a_partition_ends_where_the_next_one_begins) {
  Uuid group = Uuid::random();
  for (const auto* role : {"a", "aa", "b"})
    for (std::int32_t number : {1, 2}) insert(memberships, {group, role, number});
  EXPECT_THAT(walk(memberships, {group, "aa"}, 1),
              ElementsAre(Membership{group, "aa", 1}, Membership{group, "aa", 2}));
  EXPECT_THAT(walk(memberships, {group, "a"}, 3),
              ElementsAre(Membership{group, "a", 1}, Membership{group, "a", 2}));
}

TEST_P(StorePages, a_page_begins_at_the_row_it_is_told_or_the_next_one) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 5);
  auto numbers_from = [&](std::int32_t from) {
    std::vector<std::int32_t> numbers;
    auto read =
        slice(memberships, {group, "member"}, SliceQuery<std::tuple<std::int32_t>>{3, from});
    for (const Membership& row : read.rows) numbers.push_back(row.number);
    return numbers;
  };
  EXPECT_THAT(numbers_from(-1), ElementsAre(0, 10, 20));
  EXPECT_THAT(numbers_from(10), ElementsAre(10, 20, 30));
  EXPECT_THAT(numbers_from(11), ElementsAre(20, 30, 40));
  EXPECT_THAT(numbers_from(40), ElementsAre(40));
  EXPECT_THAT(numbers_from(41), ElementsAre());
}

class StoreMixedOrder : public StorePages {
 protected:
  void SetUp() override {
    // In clustering order: the newest first, and of one time the smallest id first.
    for (std::int64_t time : {3000, 2000, 1000})
      for (std::uint8_t id = 1; id <= 3; ++id)
        rows.push_back({calendar, at(time), uuid_of(id), std::to_string(time)});
    Batch batch;
    for (const Event& row : rows) batch.insert(events, row);
    commit(batch);
  }

  template <class From>
  std::vector<Event> walk_from(From from, std::size_t size) {
    std::vector<Event> read;
    std::string state;
    do {
      auto next = slice(events, {calendar}, SliceQuery<From>{size, from, state});
      read.insert(read.end(), next.rows.begin(), next.rows.end());
      state = next.state;
    } while (!state.empty());
    return read;
  }

  const Uuid calendar = Uuid::random();
  std::vector<Event> rows;
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreMixedOrder, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreMixedOrder, rows_come_in_clustering_order) {
  for (std::size_t size : {1u, 2u, 3u, 4u, 9u, 10u})
    EXPECT_THAT(walk(events, {calendar}, size), ElementsAreArray(rows));
}

TEST_P(StoreMixedOrder, a_page_can_begin_at_the_first_columns_of_a_clustering_key) {
  using From = std::tuple<Timestamp>;
  for (std::size_t size : {1u, 3u, 100u}) {
    EXPECT_THAT(walk_from(From{at(9000)}, size), ElementsAreArray(rows));
    EXPECT_THAT(walk_from(From{at(2000)}, size), ElementsAreArray(rows.begin() + 3, rows.end()));
    EXPECT_THAT(walk_from(From{at(1999)}, size), ElementsAreArray(rows.begin() + 6, rows.end()));
    EXPECT_THAT(walk_from(From{at(999)}, size), ElementsAre());
  }
}

TEST_P(StoreMixedOrder, a_page_can_begin_at_a_whole_clustering_key) {
  using From = std::tuple<Timestamp, Uuid>;
  for (std::size_t size : {1u, 3u, 100u}) {
    EXPECT_THAT(walk_from(From{at(2000), uuid_of(2)}, size),
                ElementsAreArray(rows.begin() + 4, rows.end()));
    EXPECT_THAT(walk_from(From{at(2000), uuid_of(4)}, size),
                ElementsAreArray(rows.begin() + 6, rows.end()));
    EXPECT_THAT(walk_from(From{at(2500), uuid_of(2)}, size),
                ElementsAreArray(rows.begin() + 3, rows.end()));
  }
}

TEST_P(StorePages, rows_sort_by_each_type_as_in_cassandra) {
  Uuid id = Uuid::random();
  auto uuid = [](const char* text) { return *Uuid::parse(text); };
  std::vector<Place> rows;
  auto add = [&](auto change) {
    Place place{.id = id, .timeuuid_up = TimeUuid::at(at(0), 0)};
    change(place);
    rows.push_back(place);
  };
  // The columns before the one that changes are equal, so each group sorts after the one before by
  // its text.
  for (const auto* text : {"", "A", "B", "a", "aa", "ab", "b", "ä", "\U0001F3AC"})
    add([&](Place& place) { place.text_up = text; });
  auto last = [&](auto change) {
    add([&](Place& place) {
      place.text_up = "\U0001F3AD";
      change(place);
    });
  };
  for (std::int32_t number : {2'147'483'647, 256, 1}) last([&](Place& p) { p.int_down = number; });
  for (std::int64_t number : {-300, -1}) last([&](Place& p) { p.bigint_up = number; });
  for (std::int64_t time : {-300, -1}) last([&](Place& p) { p.timestamp_up = at(time); });
  for (int day : {300, 1}) last([&](Place& p) { p.date_down = Date{std::chrono::days{day}}; });
  last([&](Place& p) { p.boolean_down = true; });
  for (const auto* bytes : {"\xFF", "\x80", "a"}) last([&](Place& p) { p.blob_down = {bytes}; });
  // Version first, then the time of version 1 or the bytes; the zero UUID below is the last.
  for (const auto* text :
       {"00000000-0000-4000-9000-000000000000", "00000000-0000-4000-8000-000000000000",
        "00000000-0001-1000-8000-000000000000", "ffffffff-0000-1000-8000-000000000000"})
    last([&](Place& p) { p.uuid_down = uuid(text); });
  // Time first, then each byte as a signed number.
  for (const auto* text :
       {"13814000-1dd2-11b2-8080-808080808080", "13814000-1dd2-11b2-8080-8080808080ff",
        "13814000-1dd2-11b2-8080-80808080807f", "13814000-1dd2-11b2-bf7f-7f7f7f7f7f7f",
        "00000000-0000-11b3-8080-808080808080"})
    last([&](Place& p) { p.timeuuid_up = *TimeUuid::parse(text); });

  std::vector<Place> shuffled = rows;
  std::ranges::reverse(shuffled);
  Batch batch;
  for (const Place& row : shuffled) batch.insert(places, row);
  commit(batch);
  EXPECT_THAT(walk(places, {id}, 7), ElementsAreArray(rows));
}

TEST_P(StorePages, a_walk_goes_on_while_rows_are_added_before_and_behind_it) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 6);
  auto first = members(group, 2);
  ASSERT_EQ(first.rows.back().number, 10);
  insert(memberships, {group, "member", 5});   // behind the walk: not seen any more
  insert(memberships, {group, "member", 15});  // the very next one
  insert(memberships, {group, "member", 99});  // the new end
  auto rest = members(group, 100, first.state);
  std::vector<std::int32_t> numbers;
  for (const Membership& row : rest.rows) numbers.push_back(row.number);
  EXPECT_THAT(numbers, ElementsAre(15, 20, 30, 40, 50, 99));
  EXPECT_TRUE(rest.state.empty());
}

TEST_P(StorePages, a_walk_goes_on_when_the_row_it_stands_on_is_removed) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 4);
  auto first = members(group, 2);
  remove(memberships, {group, "member", rows[1].number});
  EXPECT_THAT(members(group, 2, first.state).rows, ElementsAre(rows[2], rows[3]));
}

TEST_P(StorePages, a_state_can_be_used_again) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 6);
  auto state = members(group, 2).state;
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(members(group, 2, state).rows, ElementsAre(rows[2], rows[3]));
  EXPECT_THAT(members(group, 3, state).rows, ElementsAre(rows[2], rows[3], rows[4]));
}

TEST_P(StorePages, every_row_is_walked_over_once_while_others_are_written) {
  Uuid group = Uuid::random();
  auto rows = write_memberships(group, 60);
  std::atomic<bool> ending = false;
  std::jthread writer([&] {
    // Up to somewhat after the last row: a walk would not end if it never caught up.
    for (std::int32_t i = 0; !ending; ++i)
      insert(memberships, {group, "member", 10 * (i % 80) + 5});
  });
  for (std::size_t size : {1u, 3u, 7u, 60u}) {
    auto walked = walk(memberships, {group, "member"}, size);
    EXPECT_EQ(std::ranges::adjacent_find(walked, std::ranges::greater_equal{}, &Membership::number),
              walked.end());
    std::erase_if(walked, [](const Membership& row) { return row.number % 10 != 0; });
    EXPECT_THAT(walked, ElementsAreArray(rows));
  }
  ending = true;
}

TEST_P(StorePages, a_scan_reads_every_row_of_the_table_once) {
  std::vector<Uuid> groups;
  std::vector<std::tuple<Uuid, std::int32_t>> written;
  for (int i = 0; i < 10; ++i) {
    Uuid group = groups.emplace_back(Uuid::random());
    for (const Membership& row : write_memberships(group, 5))
      written.emplace_back(group, row.number);
  }
  for (std::size_t size : {1u, 7u, 1000u}) {
    std::vector<std::tuple<Uuid, std::int32_t>> scanned;
    std::string state;
    do {
      auto next = run(store().scan(context(), memberships, state, size));
      EXPECT_LE(next.rows.size(), size);
      for (const Membership& row : next.rows)
        if (std::ranges::find(groups, row.group) != groups.end())
          scanned.emplace_back(row.group, row.number);
      state = next.state;
    } while (!state.empty());
    EXPECT_THAT(scanned, ::testing::UnorderedElementsAreArray(written));
  }
}

}  // namespace
}  // namespace killrvideo::storage
