#include "storage/row_edits.hpp"

#include <gtest/gtest.h>

#include "ratings/tables.hpp"
#include "storage/temporary_store.hpp"
#include "users/tables.hpp"

namespace killrvideo::storage {
namespace {

UserCredentials credentials(std::string email, std::string password) {
  return {std::move(email), std::move(password), {}, {}};
}

class RowEditing : public testing::Test {
 protected:
  using Edits = RowEdits<std::remove_const_t<decltype(user_credentials)>>;

  RowEditing() {
    Batch batch;
    batch.insert(user_credentials, credentials("a", "1"))
        .insert(user_credentials, credentials("b", "2"));
    run(store_->commit({}, std::move(batch)));
  }

  Edits read(const std::vector<std::tuple<std::string>>& keys) {
    Edits edits(*store_, user_credentials);
    edits.read(keys);
    return edits;
  }

  std::size_t written(Edits& edits) {
    BulkWriter writer(*store_);
    edits.write(writer);
    const auto count = writer.batch().size();
    writer.flush();
    return count;
  }

  std::string password_of(const std::string& email) {
    const auto row = run(store_->get({}, user_credentials, {email}));
    return row ? row->password : "none";
  }

  TemporaryStore store_;
};

TEST_F(RowEditing, OnlyWhatDiffersInTheEndIsWritten) {
  auto edits = read({{"a"}, {"b"}, {"c"}, {"c"}});
  EXPECT_FALSE(edits.put(credentials("a", "1")));
  EXPECT_TRUE(edits.put(credentials("b", "3")));
  EXPECT_TRUE(edits.put(credentials("b", "2")));
  EXPECT_EQ(edits.find({"c"}), nullptr);
  EXPECT_TRUE(edits.put(credentials("c", "4")));
  EXPECT_EQ(edits.find({"c"})->password, "4");
  edits.remove({"c"});
  EXPECT_EQ(edits.find({"c"}), nullptr);
  EXPECT_EQ(written(edits), 0u);
}

TEST_F(RowEditing, RowsAreReplacedInsertedAndRemoved) {
  auto edits = read({{"a"}, {"c"}});
  edits.put(credentials("a", "3"));
  edits.put(credentials("c", "4"));
  edits.remove({"b"});
  EXPECT_EQ(written(edits), 3u);
  EXPECT_EQ(password_of("a"), "3");
  EXPECT_EQ(password_of("b"), "none");
  EXPECT_EQ(password_of("c"), "4");
  EXPECT_EQ(written(edits), 0u);
}

TEST_F(RowEditing, CountersAreSet) {
  RowEdits<std::remove_const_t<decltype(video_ratings)>> edits(*store_, video_ratings);
  const std::vector<std::tuple<VideoId>> keys{{VideoId()}};
  for (const auto total : {3, 8, 8, 0}) {
    edits.read(keys);
    edits.put({VideoId(), {1}, {total}});
    BulkWriter writer(*store_);
    edits.write(writer);
    writer.flush();
    const auto row = run(store_->get({}, video_ratings, {VideoId()}));
    EXPECT_EQ(row, (VideoRating{VideoId(), {1}, {total}}));
  }
}

}  // namespace
}  // namespace killrvideo::storage
