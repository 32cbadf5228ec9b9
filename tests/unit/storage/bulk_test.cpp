#include "storage/row_edits.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "ratings/tables.hpp"
#include "storage/temporary_store.hpp"
#include "users/tables.hpp"

namespace killrvideo::storage {
namespace {

VideoId video(std::uint8_t number) {
  VideoId id;
  id.bytes[0] = number;
  return id;
}

VideoRating rating(std::uint8_t number, std::int64_t count, std::int64_t total) {
  return {video(number), {count}, {total}};
}

std::vector<VideoRating> all_ratings(TemporaryStore& store) {
  const Context context;
  return run(store->scan(context, video_ratings, "", 100)).rows;
}

TEST(Bulk, AllRowsAreThereAfterAFlush) {
  constexpr std::size_t count = 10'000;
  TemporaryStore store;
  BulkWriter writer(*store, 3);
  for (std::size_t i = 0; i < count; ++i) {
    User user{};
    user.userid = UserId(Uuid::random());
    writer.batch().insert(users, user);
  }
  writer.flush();
  EXPECT_EQ(store.rows(users).size(), count);
}

TEST(Bulk, FlushingNothingDoesNothing) {
  TemporaryStore store;
  BulkWriter writer(*store);
  writer.flush();
  writer.flush();
  EXPECT_TRUE(store.rows(users).empty());
}

/// An engine that cannot write.
class BrokenEngine : public Engine {
 public:
  EngineTraits traits() const override { return {.shared = false, .batches_appear_whole = true}; }
  Task<void> get(const Context&, const TableInfo&, std::span<const Values>,
                 const KeyedRowSink&) override {
    throw Error(Code::unavailable, "broken");
  }
  Task<std::string> slice(const Context&, const TableInfo&, const RawSliceQuery&,
                          const RowSink&) override {
    throw Error(Code::unavailable, "broken");
  }
  Task<std::string> scan(const Context&, const TableInfo&, const std::string&, std::size_t,
                         const RowSink&) override {
    throw Error(Code::unavailable, "broken");
  }
  Task<void> commit(const Context&, std::vector<Mutation>) override {
    throw Error(Code::resource_exhausted, "the disk is full");
  }
  Task<bool> commit_if(const Context&, Mutation, Condition, const RowSink&) override {
    throw Error(Code::unavailable, "broken");
  }
};

TEST(Bulk, AWriteThatFailsIsTold) {
  Store store(std::make_unique<BrokenEngine>());
  BulkWriter writer(store);
  writer.batch().insert(users, User{});
  try {
    writer.flush();
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::resource_exhausted);
  }
}

TEST(Bulk, TotalsReplaceWhatCountersHold) {
  TemporaryStore store;
  const Context context;
  Batch before;
  before.add(video_ratings, rating(1, 10, 30)).add(video_ratings, rating(2, 1, 5));
  run(store->commit(context, std::move(before)));

  const std::vector totals{rating(1, 2, 9), rating(3, 4, 16)};
  for (int repeated = 0; repeated < 2; ++repeated) {
    set_totals(*store, video_ratings, std::span<const VideoRating>(totals));
    EXPECT_EQ(all_ratings(store),
              (std::vector{rating(1, 2, 9), rating(2, 1, 5), rating(3, 4, 16)}));
  }
}

TEST(Bulk, OfSeveralTotalsTheLastOneHolds) {
  TemporaryStore store;
  const std::vector totals{rating(1, 2, 9), rating(1, 3, 12), rating(1, 1, 4)};
  set_totals(*store, video_ratings, std::span<const VideoRating>(totals));
  EXPECT_EQ(all_ratings(store), std::vector{rating(1, 1, 4)});
}

TEST(Bulk, TotalsOfZeroAreRows) {
  TemporaryStore store;
  TotalsWriter writer(*store, video_ratings);
  writer.add(rating(7, 0, 0));
  writer.flush();
  EXPECT_EQ(all_ratings(store), std::vector{rating(7, 0, 0)});
}

TEST(Bulk, DifferencesWrapAround) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto change = difference(rating(1, most, 0), rating(1, -1, most));
  EXPECT_EQ(change, rating(1, std::numeric_limits<std::int64_t>::min(), -most));
}

}  // namespace
}  // namespace killrvideo::storage
