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

template <class Row>
std::tuple<VideoId> id_of(const Row& row) {
  return {row.videoid};
}

std::string read_name(const Fields& record) {
  return check_video_name("name", record.text("name"));
}

/// The days of the rows to write.
using Days = std::set<std::string>;

void write_days(storage::BulkWriter& writer, Days& days) {
  for (const std::string& day : days) writer.batch().insert(latest_days, {all_days, day});
  days.clear();
}

// Implementations differ in what location_type means, so the location itself decides.
Video read_video(const Fields& record) {
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

class VideoRows : public RowsOf<read_video> {
 public:
  explicit VideoRows(storage::Store& store)
      : videos_(store, videos), latest_(store, latest_videos), of_users_(store, user_videos) {}

 private:
  void look_up(std::span<const Video> rows) override {
    videos_.read(keys_of(rows, id_of<Video>));
    latest_.read(keys_of(rows, [](const Video& video) {
      return LatestVideos::key_tuple_of(required(latest_video_of(video)));
    }));
    of_users_.read(keys_of(rows, [](const Video& video) {
      return UserVideos::key_tuple_of(required(user_video_of(video)));
    }));
  }

  // A video whose key in the listings changes is removed under the old one.
  bool put(const Video& video) override {
    if (const auto* old = videos_.find(id_of(video))) {
      const bool moved = old->added_date != video.added_date;
      if (const auto left = latest_video_of(*old); left && moved)
        latest_.remove(LatestVideos::key_tuple_of(*left));
      if (const auto left = user_video_of(*old); left && (moved || old->userid != video.userid))
        of_users_.remove(UserVideos::key_tuple_of(*left));
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

LatestVideo read_latest_video(const Fields& record) {
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

UserVideo read_user_video(const Fields& record) {
  UserVideo video{};
  video.userid = record.id<UserId>("userid");
  video.added_date = record.time("added_date");
  video.videoid = record.id<VideoId>("videoid");
  video.name = read_name(record);
  video.preview_image_location = record.text("preview_image_location");
  return video;
}

/// A listing of videos, which says of those in `videos` what these say themselves: `own` makes the
/// row of a video, if it has one.
template <auto& table, auto read, auto own>
class ListingRows : public RowsOf<read> {
  using Table = std::remove_cvref_t<decltype(table)>;
  using Row = typename Table::Row;

 public:
  explicit ListingRows(storage::Store& store) : videos_(store, videos), listed_(store, table) {}

 private:
  void look_up(std::span<const Row> rows) final {
    videos_.read(keys_of(rows, id_of<Row>));
    listed_.read(keys_of(rows, Table::key_tuple_of));
  }

  // An entry under another key than the video has is one that it had before.
  bool put(const Row& row) final {
    const auto* video = videos_.find(id_of(row));
    const auto current = video ? own(*video) : std::optional(row);
    if (!current || Table::key_of(*current) != Table::key_of(row)) return false;
    if constexpr (requires { row.yyyymmdd; }) days_.insert(row.yyyymmdd);
    return listed_.put(*current);
  }

  void write_to(storage::BulkWriter& writer) final {
    write_days(writer, days_);
    listed_.write(writer);
    videos_.forget();
  }

  VideoEdits videos_;
  Days days_;
  storage::RowEdits<Table> listed_;
};

}  // namespace

std::vector<File> video_files() {
  const std::vector<std::string_view> listed{"added_date", "videoid", "userid", "name",
                                             "preview_image_location"};
  return {
      {"videos.csv",
       {&videos,
        {"content_rating", "category", "language", "content_features"},
        {"videoid", "userid", "name", "description", "location", "preview_image_location", "tags",
         "added_date"}},
       make_rows<VideoRows>},
      {"latest_videos.csv",
       {&latest_videos, {"content_rating", "category"}, listed, {"day"}},
       make_rows<ListingRows<latest_videos, read_latest_video, latest_video_of>>},
      {"user_videos.csv",
       {&user_videos, {}, listed},
       make_rows<ListingRows<user_videos, read_user_video, user_video_of>>},
  };
}

}  // namespace killrvideo::dataset
