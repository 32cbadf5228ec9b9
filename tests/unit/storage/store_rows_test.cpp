// Store contract: single rows.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "storage/store_contract.hpp"

namespace killrvideo::storage {
namespace {

using namespace samples;
using ::testing::ElementsAre;

class StoreRows : public StoreContract {};
INSTANTIATE_TEST_SUITE_P(Engines, StoreRows, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreRows, a_row_reads_back_as_it_was_written) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics", "poetry"}};
  insert(people, ada);
  EXPECT_EQ(get(people, {ada.id}), ada);
}

TEST_P(StoreRows, an_absent_row_is_nothing) {
  EXPECT_EQ(get(people, {Uuid::random()}), std::nullopt);
}

TEST_P(StoreRows, null_and_empty_are_not_the_same) {
  Person nobody{Uuid::random(), "", std::nullopt, std::nullopt, {}};
  Person empty{Uuid::random(), "", "", 0, {}};
  commit(Batch().insert(people, nobody).insert(people, empty));
  EXPECT_EQ(get(people, {nobody.id}), nobody);
  EXPECT_EQ(get(people, {empty.id}), empty);
}

TEST_P(StoreRows, an_insert_replaces_the_whole_row) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics", "poetry"}};
  insert(people, ada);
  Person again{ada.id, "Augusta", std::nullopt, std::nullopt, {"poetry"}};
  insert(people, again);
  EXPECT_EQ(get(people, {ada.id}), again);
}

TEST_P(StoreRows, an_update_writes_the_columns_it_names_only) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics"}};
  insert(people, ada);
  update<&Person::age, &Person::tags>(people, {ada.id, "not written", "not written", 37, {"a"}});
  EXPECT_EQ(get(people, {ada.id}), (Person{ada.id, "Ada", "Countess", 37, {"a"}}));
  update<&Person::name>(people, {ada.id, "Augusta", "not written", 1, {}});
  EXPECT_EQ(get(people, {ada.id}), (Person{ada.id, "Augusta", "Countess", 37, {"a"}}));
}

TEST_P(StoreRows, an_update_clears_the_columns_that_are_null) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics"}};
  insert(people, ada);
  update<&Person::nickname, &Person::age, &Person::tags>(people, {ada.id, {}, {}, {}, {}});
  EXPECT_EQ(get(people, {ada.id}), (Person{ada.id, "Ada", std::nullopt, std::nullopt, {}}));
  update<&Person::nickname>(people, {ada.id, {}, "Countess", {}, {}});
  EXPECT_EQ(get(people, {ada.id}), (Person{ada.id, "Ada", "Countess", std::nullopt, {}}));
}

TEST_P(StoreRows, an_update_makes_a_row_that_is_not_there) {
  Uuid id = Uuid::random();
  update<&Person::age>(people, {id, "not written", "not written", 36, {"not written"}});
  EXPECT_EQ(get(people, {id}), (Person{id, "", std::nullopt, 36, {}}));
}

TEST_P(StoreRows, an_update_of_a_removed_row_brings_nothing_back) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics"}};
  insert(people, ada);
  remove(people, {ada.id});
  update<&Person::name>(people, ada);
  EXPECT_EQ(get(people, {ada.id}), (Person{ada.id, "Ada", std::nullopt, std::nullopt, {}}));
}

TEST_P(StoreRows, a_removed_row_is_gone) {
  Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics"}};
  insert(people, ada);
  remove(people, {ada.id});
  EXPECT_EQ(get(people, {ada.id}), std::nullopt);
  remove(people, {ada.id});
  EXPECT_EQ(get(people, {ada.id}), std::nullopt);

  Person again{ada.id, "Ada", std::nullopt, std::nullopt, {}};
  insert(people, again);
  EXPECT_EQ(get(people, {ada.id}), again);
}

TEST_P(StoreRows, removing_takes_one_row_of_a_partition) {
  Uuid group = Uuid::random();
  for (std::int32_t number : {-1, 0, 1}) insert(memberships, {group, "guest", number});
  remove(memberships, {group, "guest", 0});
  EXPECT_THAT(walk(memberships, {group, "guest"}, 10),
              ElementsAre(Membership{group, "guest", -1}, Membership{group, "guest", 1}));
}

TEST_P(StoreRows, a_row_can_consist_of_its_key) {
  Membership membership{Uuid::random(), "guest", 7};
  insert(memberships, membership);
  EXPECT_EQ(get(memberships, {membership.group, "guest", 7}), membership);
  EXPECT_EQ(get(memberships, {membership.group, "guest", 8}), std::nullopt);
  EXPECT_EQ(get(memberships, {membership.group, "host", 7}), std::nullopt);
}

TEST_P(StoreRows, tables_do_not_see_each_others_rows) {
  Uuid id = Uuid::random();
  insert(accounts, {id, 1, "Ada"});
  EXPECT_EQ(get(people, {id}), std::nullopt);
  EXPECT_EQ(get(tallies, {id}), std::nullopt);
}

TEST_P(StoreRows, get_many_reads_the_columns_that_are_named_and_the_key) {
  const Person ada{Uuid::random(), "Ada", "Countess", 36, {"mathematics"}};
  insert(people, ada);
  EXPECT_THAT(
      (get_many<&Person::nickname, &Person::tags>(people, {{ada.id}, {Uuid::random()}})),
      ElementsAre(Person{ada.id, "", "Countess", std::nullopt, {"mathematics"}}, std::nullopt));
}

TEST_P(StoreRows, get_many_answers_in_the_order_of_its_keys) {
  std::vector<Account> rows;
  Batch batch;
  for (std::int64_t i = 0; i < 50; ++i) {
    rows.push_back({Uuid::random(), i, std::nullopt});
    batch.insert(accounts, rows.back());
  }
  commit(batch);
  Uuid absent = Uuid::random();
  std::vector<std::tuple<Uuid>> keys{{absent}, {rows[0].id}, {absent}};
  std::vector<std::optional<Account>> expected{std::nullopt, rows[0], std::nullopt};
  for (std::size_t i = rows.size(); i-- > 0;) {
    keys.push_back({rows[i].id});
    expected.push_back(rows[i]);
  }
  keys.push_back({rows[7].id});  // a second time
  expected.push_back(rows[7]);
  EXPECT_EQ(get_many(accounts, keys), expected);
}

TEST_P(StoreRows, get_many_of_nothing_is_nothing) { EXPECT_TRUE(get_many(accounts, {}).empty()); }

TEST_P(StoreRows, texts_hold_any_bytes_of_utf8) {
  std::vector<std::string> texts{std::string("\0", 1),
                                 std::string("a\0b\0\0", 5),
                                 "\x01\x02",
                                 "ä ß 漢字 \U0001F3AC",
                                 "\xF4\x8F\xBF\xBF",
                                 "line\nline\r\n\ttab \"quoted\" 'quoted' \\",
                                 std::string(1'000'000, 'x')};
  Uuid group = Uuid::random();
  for (const std::string& text : texts) {
    Person person{Uuid::random(), text, text, 0, {text, "another"}};
    insert(people, person);
    EXPECT_EQ(get(people, {person.id}), person);
    if (text.size() > 100) continue;
    insert(memberships, {group, text, 1});
    EXPECT_EQ(get(memberships, {group, text, 1}), (Membership{group, text, 1}));
  }
}

TEST_P(StoreRows, keys_that_look_alike_are_different_rows) {
  std::vector<std::string> roles{
      "a",        std::string("a\0", 2), std::string("a\0\xC3\xBF", 4), "a\x01", "ab", "A", "ä",
      "a\xCC\x88"};
  Uuid group = Uuid::random();
  std::int32_t number = 0;
  for (const std::string& role : roles) insert(memberships, {group, role, ++number});
  number = 0;
  for (const std::string& role : roles)
    EXPECT_THAT(walk(memberships, {group, role}, 10),
                ElementsAre(Membership{group, role, ++number}));
}

class StoreTypes : public StoreContract {
 protected:
  void expect_round_trip(Anything row) {
    row.id = Uuid::random();
    insert(anything, row);
    EXPECT_EQ(get(anything, {row.id}), row);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreTypes, ::testing::ValuesIn(engines()), engine_name);

TEST_P(StoreTypes, nulls) { expect_round_trip({}); }

TEST_P(StoreTypes, ids) {
  for (const auto* text :
       {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}) {
    Uuid id = *Uuid::parse(text);
    expect_round_trip({.a_uuid = id, .a_video_id = VideoId(id)});
  }
  for (const auto* text :
       {"00000000-0000-1000-8080-808080808080", "ffffffff-ffff-1fff-bf7f-7f7f7f7f7f7f",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}) {
    TimeUuid id = *TimeUuid::parse(text);
    expect_round_trip({.a_timeuuid = id, .a_comment_id = CommentId(id)});
  }
}

TEST_P(StoreTypes, texts_and_blobs) {
  expect_round_trip({.a_text = "", .a_blob = Blob{""}});
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  expect_round_trip({.a_text = "ä漢\U0001F3AC", .a_blob = Blob{bytes}});
}

TEST_P(StoreTypes, numbers) {
  using Int = std::numeric_limits<std::int32_t>;
  using Bigint = std::numeric_limits<std::int64_t>;
  expect_round_trip({.an_int = Int::min(), .a_bigint = Bigint::min()});
  expect_round_trip({.an_int = Int::max(), .a_bigint = Bigint::max()});
  for (std::int32_t number : {-256, -1, 0, 1, 127, 128, 65'536})
    expect_round_trip({.an_int = number, .a_bigint = number});
}

TEST_P(StoreTypes, floats) {
  using Float = std::numeric_limits<float>;
  for (float number : {0.0f, -1.5f, Float::min(), Float::max(), Float::lowest(),
                       Float::denorm_min(), Float::infinity(), -Float::infinity()})
    expect_round_trip({.a_float = number, .a_vector = FloatVector<3>{{number, 0.25f, number}}});

  Anything odd{.id = Uuid::random(), .a_float = -0.0f, .a_vector = FloatVector<3>{}};
  odd.a_vector->values[1] = Float::quiet_NaN();
  insert(anything, odd);
  auto read = get(anything, {odd.id});
  ASSERT_TRUE(read && read->a_float && read->a_vector);
  EXPECT_TRUE(std::signbit(*read->a_float));
  EXPECT_TRUE(std::isnan(read->a_vector->values[1]));
}

TEST_P(StoreTypes, times) {
  using std::chrono::days, std::chrono::milliseconds;
  for (std::int64_t time :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'795'352'400'123},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    expect_round_trip({.a_timestamp = Timestamp{milliseconds{time}}});
  for (int day : {0, -1, 20'000, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()})
    expect_round_trip({.a_date = Date{days{day}}});
}

TEST_P(StoreTypes, booleans) {
  expect_round_trip({.a_boolean = false});
  expect_round_trip({.a_boolean = true});
}

TEST_P(StoreTypes, sets) {
  expect_round_trip({.a_set = TextSet{""}});
  expect_round_trip({.a_set = TextSet{"", "a", "b", "ä", "\U0001F3AC", std::string("\0", 1)}});
  TextSet many;
  for (int i = 0; i < 1000; ++i) many.insert("tag " + std::to_string(i));
  expect_round_trip({.a_set = many});
}

TEST_P(StoreTypes, keys_of_all_types) {
  using std::chrono::days, std::chrono::milliseconds;
  using Bigint = std::numeric_limits<std::int64_t>;
  std::string zeros("\0\0", 2);
  for (const Place& place :
       {Place{.id = Uuid::random(), .timeuuid_up = TimeUuid::at({}, 0)},
        Place{Uuid::random(), "ä", -1, -1, Timestamp{milliseconds{-1}}, Date{days{-1}}, true,
              Blob{zeros}, Uuid::random(), TimeUuid::now()},
        Place{Uuid::random(), zeros + "x", std::numeric_limits<std::int32_t>::min(), Bigint::min(),
              Timestamp{milliseconds{Bigint::min()}}, Date{days{-2'147'483'648}}, false,
              Blob{"\xFF\xFE"}, TimeUuid::now(), TimeUuid::now()},
        Place{Uuid::random(), "z", std::numeric_limits<std::int32_t>::max(), Bigint::max(),
              Timestamp{milliseconds{Bigint::max()}}, Date{days{2'147'483'647}}, true, Blob{"x"},
              *Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff"), TimeUuid::now()}}) {
    insert(places, place);
    EXPECT_THAT(walk(places, {place.id}, 10), ElementsAre(place));
  }
}

}  // namespace
}  // namespace killrvideo::storage
