#include "catalog/latest.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "events/forwarding_engine.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;

/// A listing whose reads are counted.
class LatestVideos : public ::testing::Test {
 protected:
  LatestVideos() {
    auto engine = std::make_unique<storage::ForwardingEngine>(storage_->engine());
    engine->on_slice(
        [this](const storage::TableInfo&, const storage::RawSliceQuery&) { ++pages_; });
    store_ = std::make_unique<storage::Store>(std::move(engine));
  }

  void add_video(Timestamp time) {
    storage::Batch batch;
    Video video{};
    video.videoid = VideoId(Uuid::random());
    video.added_date = time;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
  }

  /// The number of videos on a page of this size.
  std::size_t list(int size, std::optional<Timestamp> from = {}) {
    PageRequest<std::tuple<Timestamp, VideoId>> request{.page_size = size};
    if (from) request.start = {*from, VideoId()};
    return run(list_latest(*store_, {}, std::move(request))).rows.size();
  }

  storage::TemporaryStore storage_;
  std::unique_ptr<storage::Store> store_;
  int pages_ = 0;
};

TEST_F(LatestVideos, AreFoundWithoutReadingEveryEmptyDay) {
  const Timestamp newest = std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} + 12h;
  for (int years = 0; years < 4; ++years) add_video(newest - years * 365 * 24h);
  EXPECT_EQ(list(10), 4u);
  EXPECT_EQ(pages_, 4);
  // A day that has none, asked for by the caller, is the only empty one that is read.
  pages_ = 0;
  EXPECT_EQ(list(10, newest - 100 * 24h), 3u);
  EXPECT_EQ(pages_, 4);
}

TEST_F(LatestVideos, AreFoundWithoutReadingMoreThanThePage) {
  for (int day = 0; day < 50; ++day) add_video(Timestamp{} + day * 24h);
  EXPECT_EQ(list(3), 3u);
  EXPECT_EQ(pages_, 3);
}

}  // namespace
}  // namespace killrvideo
