// The example of docs/storage.md, so that it compiles and does what the page says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/rocksdb/engine.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo {
namespace {

struct Bookmark {
  UserId userid;
  Timestamp saved_date;
  VideoId videoid;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Bookmark, (), (userid, saved_date, videoid, note))

const storage::Table<Bookmark, storage::Partition<&Bookmark::userid>,
                     storage::Clustering<storage::Descending<&Bookmark::saved_date>,
                                         storage::Ascending<&Bookmark::videoid>>>
    bookmarks{"bookmarks"};

struct BookmarkCount {
  VideoId videoid;
  storage::Counter users;
};
BOOST_DESCRIBE_STRUCT(BookmarkCount, (), (videoid, users))

const storage::Table<BookmarkCount, storage::Partition<&BookmarkCount::videoid>> bookmark_counts{
    "bookmark_counts"};

Task<void> save(storage::Store& store, const Context& context, Bookmark bookmark) {
  storage::Batch batch;
  batch.insert(bookmarks, bookmark);
  batch.add(bookmark_counts, {bookmark.videoid, {1}});
  co_await store.commit(context, std::move(batch));
}

Task<storage::Slice<Bookmark>> newest(storage::Store& store, const Context& context, UserId user,
                                      std::string state) {
  storage::SliceQuery<> wanted{.size = 20, .state = std::move(state)};
  co_return co_await store.slice(context, bookmarks, {user}, std::move(wanted));
}

TEST(WorkedExample, works) {
  storage::TemporaryDirectory directory{storage::memory_directory()};
  const storage::Schema schema{{&bookmarks, &bookmark_counts}, {}};
  auto store = storage::rocksdb_engine::open_store(directory.path(), schema, {});
  const Context context;
  UserId user{Uuid::random()};
  VideoId video{Uuid::random()};
  for (int second = 0; second < 25; ++second)
    run(save(*store, context, {user, Timestamp{std::chrono::seconds{second}}, video, "later"}));

  auto first = run(newest(*store, context, user, ""));
  ASSERT_EQ(first.rows.size(), 20u);
  EXPECT_EQ(first.rows.front().saved_date, Timestamp{std::chrono::seconds{24}});
  auto second = run(newest(*store, context, user, first.state));
  EXPECT_EQ(second.rows.size(), 5u);
  EXPECT_TRUE(second.state.empty());
  EXPECT_EQ(run(store->get(context, bookmark_counts, {video}))->users.value, 25);
}

}  // namespace
}  // namespace killrvideo
