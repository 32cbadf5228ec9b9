// Tables for tests: one for each thing that tables can be.
#pragma once

#include "common/uuid.hpp"
#include "storage/schema.hpp"

namespace killrvideo::storage::samples {

/// Plain, optional and set columns.
struct Person {
  Uuid id;
  std::string name;
  std::optional<std::string> nickname;
  std::optional<std::int32_t> age;
  TextSet tags;
  bool operator==(const Person&) const = default;
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, nickname, age, tags))
inline const Table<Person, Partition<&Person::id>> people{"people"};

/// A row that changes only while it is as it was read.
struct Account {
  Uuid id;
  std::int64_t balance = 0;
  std::optional<std::string> owner;
  bool operator==(const Account&) const = default;
};
BOOST_DESCRIBE_STRUCT(Account, (), (id, balance, owner))
inline const Table<Account, Partition<&Account::id>> accounts{"accounts"};

/// A clustering key of mixed order.
struct Event {
  Uuid calendar;
  Timestamp time;
  Uuid id;
  std::string title;
  bool operator==(const Event&) const = default;
};
BOOST_DESCRIBE_STRUCT(Event, (), (calendar, time, id, title))
inline const Table<Event, Partition<&Event::calendar>,
                   Clustering<Descending<&Event::time>, Ascending<&Event::id>>>
    events{"events"};

/// A partition key that sorts, and rows from the newest to the oldest.
struct Message {
  std::string day;
  TimeUuid id;
  std::string text;
  bool operator==(const Message&) const = default;
};
BOOST_DESCRIBE_STRUCT(Message, (), (day, id, text))
inline const Table<Message, Partition<&Message::day>, Clustering<Descending<&Message::id>>>
    messages{"messages"};

/// A partition key of several columns; nothing outside the key.
struct Membership {
  Uuid group;
  std::string role;
  std::int32_t number;
  bool operator==(const Membership&) const = default;
};
BOOST_DESCRIBE_STRUCT(Membership, (), (group, role, number))
inline const Table<Membership, Partition<&Membership::group, &Membership::role>,
                   Clustering<Ascending<&Membership::number>>>
    memberships{"memberships"};

struct Tally {
  Uuid id;
  Counter hits;
  Counter misses;
  bool operator==(const Tally&) const = default;
};
BOOST_DESCRIBE_STRUCT(Tally, (), (id, hits, misses))
inline const Table<Tally, Partition<&Tally::id>> tallies{"tallies"};

struct HourlyTally {
  Uuid id;
  std::int32_t hour;
  Counter hits;
  bool operator==(const HourlyTally&) const = default;
};
BOOST_DESCRIBE_STRUCT(HourlyTally, (), (id, hour, hits))
inline const Table<HourlyTally, Partition<&HourlyTally::id>,
                   Clustering<Ascending<&HourlyTally::hour>>>
    hourly_tallies{"hourly_tallies"};

/// A row that vanishes.
struct Voucher {
  std::string name;
  Uuid holder;
  bool operator==(const Voucher&) const = default;
};
BOOST_DESCRIBE_STRUCT(Voucher, (), (name, holder))
inline constexpr std::chrono::seconds voucher_lifetime{1};
inline const Table<Voucher, Partition<&Voucher::name>> vouchers{"vouchers", voucher_lifetime};
/// Not while a test looks.
inline const Table<Voucher, Partition<&Voucher::name>> long_vouchers{"long_vouchers",
                                                                     std::chrono::seconds{600}};

/// Every type that a column can have, each of them null if not set.
struct Anything {
  Uuid id{};
  std::optional<Uuid> a_uuid{};
  std::optional<TimeUuid> a_timeuuid{};
  std::optional<VideoId> a_video_id{};
  std::optional<CommentId> a_comment_id{};
  std::optional<std::string> a_text{};
  std::optional<Blob> a_blob{};
  std::optional<std::int32_t> an_int{};
  std::optional<std::int64_t> a_bigint{};
  std::optional<float> a_float{};
  std::optional<Timestamp> a_timestamp{};
  std::optional<Date> a_date{};
  std::optional<bool> a_boolean{};
  std::optional<TextSet> a_set{};
  std::optional<FloatVector<3>> a_vector{};
  bool operator==(const Anything&) const = default;
};
BOOST_DESCRIBE_STRUCT(Anything, (),
                      (id, a_uuid, a_timeuuid, a_video_id, a_comment_id, a_text, a_blob, an_int,
                       a_bigint, a_float, a_timestamp, a_date, a_boolean, a_set, a_vector))
inline const Table<Anything, Partition<&Anything::id>> anything{"anything"};

/// Every type that a key can have, in both orders.
struct Place {
  Uuid id{};
  std::string text_up{};
  std::int32_t int_down{};
  std::int64_t bigint_up{};
  Timestamp timestamp_up{};
  Date date_down{};
  bool boolean_down{};
  Blob blob_down{};
  Uuid uuid_down{};
  TimeUuid timeuuid_up{};
  bool operator==(const Place&) const = default;
};
BOOST_DESCRIBE_STRUCT(Place, (),
                      (id, text_up, int_down, bigint_up, timestamp_up, date_down, boolean_down,
                       blob_down, uuid_down, timeuuid_up))
inline const Table<Place, Partition<&Place::id>,
                   Clustering<Ascending<&Place::text_up>, Descending<&Place::int_down>,
                              Ascending<&Place::bigint_up>, Ascending<&Place::timestamp_up>,
                              Descending<&Place::date_down>, Descending<&Place::boolean_down>,
                              Descending<&Place::blob_down>, Descending<&Place::uuid_down>,
                              Ascending<&Place::timeuuid_up>>>
    places{"places"};

inline const Schema schema{{&people, &accounts, &events, &messages, &memberships, &tallies,
                            &hourly_tallies, &vouchers, &long_vouchers, &anything, &places},
                           {}};

}  // namespace killrvideo::storage::samples
