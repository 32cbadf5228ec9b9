#include "catalog/visibility.hpp"

#include <gmock/gmock.h>

#include "common/clock.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

class Visibility : public testing::Test {
 protected:
  void require(VideoId id, Timestamp added) { run(require_visible(*store_, {}, id, added)); }

  storage::TemporaryStore store_;
};

TEST_F(Visibility, OfARecentVideoIsWaitedFor) {
  const VideoId id(Uuid::random());
  EXPECT_THROW(require(id, now()), RowNotVisible);
  EXPECT_THROW(require(id, now() - 80s), RowNotVisible);
  EXPECT_THROW(require(id, now() + 20s), RowNotVisible);
  Video video{};
  video.videoid = id;
  storage::Batch batch;
  insert_video(batch, video);
  run(store_->commit({}, std::move(batch)));
  EXPECT_NO_THROW(require(id, now()));
}

TEST_F(Visibility, OfAnOldVideoIsNotWaitedFor) {
  EXPECT_NO_THROW(require(VideoId(Uuid::random()), now() - 100s));
}

TEST_F(Visibility, IsNotWaitedForUntilAnyDay) {
  EXPECT_NO_THROW(require(VideoId(Uuid::random()), now() + 24h));
}

}  // namespace
}  // namespace killrvideo
