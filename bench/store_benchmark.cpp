// What the mapper and its RocksDB engine cost without any transport: a get, a page, durable
// commits.
//
// Runs on 100,000 videos and 1,000,000 comments in a directory that it makes below the current one
// and removes at the end: run it on the disk that is to be measured.
#include <benchmark/benchmark.h>

#include <boost/describe.hpp>
#include <filesystem>
#include <latch>
#include <random>

#include "storage/rocksdb/engine.hpp"

namespace {

namespace fs = std::filesystem;
using namespace killrvideo;
using namespace killrvideo::storage;
using rocksdb_engine::open_store;

struct Video {
  VideoId videoid;
  UserId userid;
  std::string name;
  std::string description;
  TextSet tags;
  Timestamp added_date;
};
BOOST_DESCRIBE_STRUCT(Video, (), (videoid, userid, name, description, tags, added_date))

struct CommentByVideo {
  VideoId videoid;
  CommentId commentid;
  UserId userid;
  std::string comment;
};
BOOST_DESCRIBE_STRUCT(CommentByVideo, (), (videoid, commentid, userid, comment))

struct CommentByUser {
  UserId userid;
  CommentId commentid;
  VideoId videoid;
  std::string comment;
};
BOOST_DESCRIBE_STRUCT(CommentByUser, (), (userid, commentid, videoid, comment))

struct Event {
  TimeUuid eventid;
  Blob content;
};
BOOST_DESCRIBE_STRUCT(Event, (), (eventid, content))

const Table<Video, Partition<&Video::videoid>> videos{"videos"};
const Table<CommentByVideo, Partition<&CommentByVideo::videoid>,
            Clustering<Descending<&CommentByVideo::commentid>>>
    comments_by_video{"comments_by_video"};
const Table<CommentByUser, Partition<&CommentByUser::userid>,
            Clustering<Descending<&CommentByUser::commentid>>>
    comments_by_user{"comments_by_user"};
const Table<Event, Partition<&Event::eventid>> events{"events"};

constexpr std::size_t video_count = 100'000;
constexpr std::size_t few_comments = 8;
constexpr std::size_t many_comments = 28;  // of every tenth video: a full page and more
constexpr std::size_t page_size = 20;

Batch& add_comment(Batch& batch, VideoId video, UserId user) {
  const CommentId id{TimeUuid::now()};
  const std::string text = "The second half is even better, and what a view over the harbour.";
  return batch.insert(comments_by_video, {video, id, user, text})
      .insert(comments_by_user, {user, id, video, text});
}

class FilledStore {
 public:
  FilledStore() {
    fs::remove_all(directory_);
    store_ = open_store(directory_, schema_, {});
    for (std::size_t i = 0; i < video_count; ++i) ids_.emplace_back(Uuid::random());
    fill();
    // As in a server that was started on it: read from files, not from what is still in memory.
    store_.reset();
    store_ = open_store(directory_, schema_, {});
  }
  ~FilledStore() {
    store_.reset();
    fs::remove_all(directory_);
  }

  Store& store() { return *store_; }
  VideoId any_video() const { return ids_[random_number() % ids_.size()]; }
  VideoId any_with_full_page() const { return ids_[random_number() % (ids_.size() / 10) * 10]; }

 private:
  static std::size_t random_number() {
    thread_local std::mt19937_64 random{std::random_device{}()};
    return random();
  }

  void fill() {
    Batch batch;
    const UserId user{Uuid::random()};
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      batch.insert(videos, {ids_[i],
                            user,
                            "A quiet morning at the harbour",
                            std::string(200, 'd'),
                            {"fog", "harbour", "sea"},
                            Timestamp{}});
      const auto comments = i % 10 == 0 ? many_comments : few_comments;
      for (std::size_t c = 0; c < comments; ++c) add_comment(batch, ids_[i], user);
      if (batch.size() > 5'000) run(store_->commit(Context{}, std::exchange(batch, {})));
    }
    run(store_->commit(Context{}, std::move(batch)));
  }

  const fs::path directory_ = fs::current_path() / "store-benchmark-data";
  const Schema schema_{{&videos, &comments_by_video, &comments_by_user, &events}, {}};
  std::unique_ptr<Store> store_;
  std::vector<VideoId> ids_;
};

FilledStore& filled() {
  static FilledStore store;
  return store;
}

void get(benchmark::State& state) {
  const Context context;
  for (auto _ : state) {
    auto video = run(filled().store().get(context, videos, {filled().any_video()}));
    if (!video) state.SkipWithError("a video is missing");
  }
}

void page(benchmark::State& state) {
  const Context context;
  for (auto _ : state) {
    auto comments =
        run(filled().store().slice(context, comments_by_video, {filled().any_with_full_page()},
                                   SliceQuery<>{page_size, {}, {}}));
    if (comments.rows.size() != page_size) state.SkipWithError("a page is not full");
  }
}

/// Comments as the service writes them, one after the other: both tables and the event.
Task<void> comment(const Context& context, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) {
    Batch batch;
    add_comment(batch, filled().any_video(), UserId{Uuid::random()})
        .insert(events, {TimeUuid::now(), {std::string(100, 'e')}});
    co_await filled().store().commit(context, std::move(batch));
  }
}

void durable_comments(benchmark::State& state) {
  const auto writers = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t each = 200;
  const Context context;
  for (auto _ : state) {
    std::latch ended(state.range(0));
    for (std::size_t writer = 0; writer < writers; ++writer)
      start(comment(context, each), [&](std::exception_ptr error) {
        if (error) std::terminate();
        ended.count_down();
      });
    ended.wait();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(writers * each) * state.iterations());
}

BENCHMARK(get);
BENCHMARK(page);
BENCHMARK(durable_comments)->Arg(1)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  filled();  // before anything is timed
  benchmark::RunSpecifiedBenchmarks();
}
