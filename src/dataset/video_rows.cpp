#include <set>

#include "catalog/rules.hpp"
#include "catalog/tables.hpp"
#include "common/required.hpp"
#include "dataset/rows.hpp"

namespace killrvideo::dataset {
namespace {

using VideoEdits = storage::RowEdits<std::remove_const_t<decltype(videos)>>;
using LatestVideos = std::remove_const_t<decltype(latest_videos)>;
using UserVideos = std::remove_const_t<decltype(user_videos)>;

std::tuple<VideoId> id_of(const auto& row) { return {row.videoid}; }

std::string read_name(const Fields& record) {
  return check_video_name("name", record.text("name"));
}

/// The days of the rows to write.
using Days = std::set<std::string>;

void write_days(storage::BulkWriter& writer, Days& days) {
  for (const std::string& day : days) writer.batch().insert(latest_days, {all_days, day});
  days.clear();
}

class VideoRows : public RowsOf<Video> {
 public:
  VideoRows(storage::Store& store, std::size_t in_flight)
      : RowsOf(store, in_flight),
        videos_(store, videos),
        latest_(store, latest_videos),
        of_users_(store, user_videos) {}

 private:
  // Implementations differ in what location_type means, so the location itself decides.
  Video read(const Fields& record) const override {
    Video video{};
    video.videoid = record.id<VideoId>("videoid");
    video.userid = record.id<UserId>("userid");
    video.name = read_name(record);
    video.description = check_description("description", record.text("description"));
    video.location = record.text("location");
    video.location_type = check_location_type("location", video.location);
    video.preview_image_location = record.text("preview_image_location");
    video.tags = check_tags("tags", record.texts("tags"));
    video.added_date = record.time("added_date");
    video.content_rating = record.optional_text("content_rating");
    video.category = record.optional_text("category");
    video.language = record.optional_text("language");
    video.content_features = record.optional_vector<384>("content_features");
    return video;
  }

  void look_up(std::span<const Video> rows) override {
    videos_.read(keys_of(rows, [](const Video& video) { return id_of(video); }));
    latest_.read(keys_of(rows, [](const Video& video) {
      return storage::key_tuple_of<LatestVideos>(required(latest_video_of(video)));
    }));
    of_users_.read(keys_of(rows, [](const Video& video) {
      return storage::key_tuple_of<UserVideos>(required(user_video_of(video)));
    }));
  }

  // A video whose key in the listings changes is removed under the old one.
  bool put(const Video& video) override {
    if (const auto* old = videos_.find(id_of(video))) {
      const bool moved = old->added_date != video.added_date;
      if (const auto left = latest_video_of(*old); left && moved)
        latest_.remove(storage::key_tuple_of<LatestVideos>(*left));
      if (const auto left = user_video_of(*old); left && (moved || old->userid != video.userid))
        of_users_.remove(storage::key_tuple_of<UserVideos>(*left));
    }
    const LatestVideo latest = required(latest_video_of(video));
    days_.insert(latest.yyyymmdd);
    const bool latest_changes = latest_.put(latest);
    const bool users_change = of_users_.put(required(user_video_of(video)));
    return videos_.put(video) || latest_changes || users_change;
  }

  void write_to(storage::BulkWriter& writer) override {
    videos_.write(writer);
    write_days(writer, days_);
    latest_.write(writer);
    of_users_.write(writer);
  }

  VideoEdits videos_;
  Days days_;
  storage::RowEdits<LatestVideos> latest_;
  storage::RowEdits<UserVideos> of_users_;
};

/// A listing of videos, which says of those in `videos` what these say themselves: `own` makes the
/// row of a video, if it has one.
template <class T>
class ListingRows : public RowsOf<typename T::Row> {
  using Row = typename T::Row;

 public:
  ListingRows(storage::Store& store, std::size_t in_flight, const T& table,
              std::optional<Row> (*own)(const Video&))
      : RowsOf<Row>(store, in_flight), own_(own), videos_(store, videos), listed_(store, table) {}

 private:
  void look_up(std::span<const Row> rows) final {
    videos_.read(keys_of(rows, [](const Row& row) { return id_of(row); }));
    listed_.read(keys_of(rows, [](const Row& row) { return storage::key_tuple_of<T>(row); }));
  }

  // An entry under another key than the video has is one that it had before.
  bool put(const Row& row) final {
    const auto* video = videos_.find(id_of(row));
    const auto own = video ? own_(*video) : std::optional(row);
    if (!own || T::key_of(*own) != T::key_of(row)) return false;
    if constexpr (requires { row.yyyymmdd; }) days_.insert(row.yyyymmdd);
    return listed_.put(*own);
  }

  void write_to(storage::BulkWriter& writer) final {
    write_days(writer, days_);
    listed_.write(writer);
    videos_.forget();
  }

  std::optional<Row> (*own_)(const Video&);
  VideoEdits videos_;
  Days days_;
  storage::RowEdits<T> listed_;
};

class LatestVideoRows : public ListingRows<LatestVideos> {
 public:
  LatestVideoRows(storage::Store& store, std::size_t in_flight)
      : ListingRows(store, in_flight, latest_videos, latest_video_of) {}

 private:
  LatestVideo read(const Fields& record) const override {
    LatestVideo video{};
    video.added_date = record.time("added_date");
    video.yyyymmdd = day_of(video.added_date);
    video.videoid = record.id<VideoId>("videoid");
    video.userid = record.id<UserId>("userid");
    video.name = read_name(record);
    video.preview_image_location = record.text("preview_image_location");
    for (const auto* column : {"yyyymmdd", "day"}) {
      const auto day = record.optional_day(column);
      if (day && day_of(*day) != video.yyyymmdd) throw invalid(column, "is not that of added_date");
    }
    return video;
  }
};

class UserVideoRows : public ListingRows<UserVideos> {
 public:
  UserVideoRows(storage::Store& store, std::size_t in_flight)
      : ListingRows(store, in_flight, user_videos, user_video_of) {}

 private:
  UserVideo read(const Fields& record) const override {
    UserVideo video{};
    video.userid = record.id<UserId>("userid");
    video.added_date = record.time("added_date");
    video.videoid = record.id<VideoId>("videoid");
    video.name = read_name(record);
    video.preview_image_location = record.text("preview_image_location");
    return video;
  }
};

}  // namespace

std::unique_ptr<FileRows> video_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<VideoRows>(store, in_flight);
}

std::unique_ptr<FileRows> latest_video_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<LatestVideoRows>(store, in_flight);
}

std::unique_ptr<FileRows> user_video_rows(storage::Store& store, std::size_t in_flight) {
  return std::make_unique<UserVideoRows>(store, in_flight);
}

}  // namespace killrvideo::dataset
