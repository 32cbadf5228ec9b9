#include "catalog/catalog.hpp"

#include "catalog/latest.hpp"
#include "catalog/rules.hpp"
#include "catalog/stored_start.hpp"
#include "catalog/youtube.hpp"
#include "common/answer_room.hpp"
#include "common/protobuf.hpp"
#include "common/validate.hpp"
#include "events/outbox.hpp"
#include "storage/claims.hpp"
#include "storage/listing.hpp"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo {
namespace {

// The row of a submission, without its added_date.
Video check_video(const NewYouTubeVideo& submitted) {
  Video video{};
  video.videoid = submitted.video_id;
  video.userid = submitted.user_id;
  video.name = check_video_name("name", submitted.name);
  video.description = check_description("description", submitted.description);
  video.tags = check_tags("tags", submitted.tags);
  video.location = trim(submitted.you_tube_video_id);
  video.location_type = location_youtube;
  if (video.location.empty()) throw invalid("you_tube_video_id", "is required");
  auto id = youtube_id(video.location);
  if (!id) throw invalid("you_tube_video_id", "is neither a YouTube video id nor its URL");
  video.preview_image_location = youtube_preview(*id);
  return video;
}

// The content of a submission, in a form that can be compared.
std::string content_of(const Video& video) {
  storage::Values content;
  append_value(content, video.userid);
  append_value(content, video.name);
  append_value(content, video.description);
  append_value(content, video.location);
  append_value(content, video.tags);
  return content.bytes();
}

video_catalog::events::YouTubeVideoAdded event_of(const Video& video) {
  video_catalog::events::YouTubeVideoAdded event;
  write_id(video.videoid, event.mutable_video_id());
  if (video.userid) write_id(*video.userid, event.mutable_user_id());
  event.set_name(video.name);
  event.set_description(video.description);
  event.set_location(video.location);
  event.set_preview_image_location(video.preview_image_location);
  for (const std::string& tag : video.tags) event.add_tags(tag);
  if (video.added_date) {
    write_timestamp(*video.added_date, event.mutable_added_date());
    write_timestamp(*video.added_date, event.mutable_timestamp());
  }
  return event;
}

// More tags than any answer has room for.
constexpr std::size_t most_tags_answered = 100'000;

// Other tools may have written more tags or longer texts than an answer has room for.
void make_answerable(Video& video) {
  std::size_t bytes = video.name.size() + video.description.size() + video.location.size();
  for (const std::string& tag : video.tags) bytes += tag.size();
  if (bytes <= most_text_bytes && video.tags.size() <= most_tags_answered) return;
  std::vector<std::string> tags;
  while (!video.tags.empty() && tags.size() < most_tags_answered)
    tags.push_back(std::move(video.tags.extract(video.tags.begin()).value()));
  std::vector<std::string*> texts{&video.name, &video.description, &video.location};
  for (std::string& tag : tags) texts.push_back(&tag);
  AnswerRoom::fit(1, texts);
  video.tags = {tags.begin(), tags.end()};
}

Error id_taken() { return Error(Code::already_exists, "video_id", "is the id of another video"); }

}  // namespace

Task<void> Catalog::submit(const Context& context, NewYouTubeVideo submitted) {
  Video video = check_video(submitted);
  const std::string content = content_of(video);
  storage::Claim mine{"video " + video.videoid.to_string(), {content}};
  mine.made = clock_.next();
  // Two attempts at the same submission share the claim and its time, so they write the same rows.
  auto decide = [&](const storage::Claim& claim) -> Task<storage::Batch> {
    auto existing = co_await store_.get(context, videos, {video.videoid});
    if (existing && content_of(*existing) != content) throw id_taken();
    storage::Batch batch;
    if (!existing) {
      video.added_date = claim.made;
      insert_video(batch, video);
      add_event(context, batch, video.videoid, event_of(video));
    }
    co_return batch;
  };
  co_await storage::create_under_claim(store_, context, std::move(mine),
                                       storage::SameContent::shares, decide);
}

Task<Video> Catalog::video(const Context& context, VideoId id) {
  auto row = co_await store_.get(context, videos, {id});
  if (!row) throw Error(Code::not_found, "video_id", "there is no video " + id.to_string());
  make_answerable(*row);
  co_return std::move(*row);
}

Task<std::vector<Video>> Catalog::previews(const Context& context, std::vector<VideoId> ids) {
  std::vector<VideoId> once = check_ids<VideoId>("video_ids", ids);
  auto rows = co_await store_.get_many<&Video::userid, &Video::name, &Video::preview_image_location,
                                       &Video::added_date>(context, videos, once);
  std::vector<Video> found;
  for (auto& row : rows)
    if (row) found.push_back(std::move(*row));
  std::vector<std::string*> texts;
  for (Video& video : found)
    texts.insert(texts.end(), {&video.name, &video.preview_image_location});
  AnswerRoom::fit(found.size(), texts);
  co_return found;
}

Task<PageResult<LatestVideo>> Catalog::latest(const Context& context, PageRequest<Start> request) {
  return list_latest(store_, context, std::move(request));
}

Task<PageResult<UserVideo>> Catalog::of_user(const Context& context, UserId user,
                                             PageRequest<Start> request) {
  const std::size_t size = check_page_size(request.page_size);
  const Cursor cursor = storage::cursor_of("GetUserVideoPreviews " + user.to_string(), request);
  if (request.start && cursor.state().empty()) {
    auto& [time, video] = *request.start;
    if (may_be_clamped(time))
      time =
          (co_await stored_time(store_, context, user_videos, {user}, time, video)).value_or(time);
  }
  co_return co_await storage::list_from<&UserVideo::name, &UserVideo::preview_image_location>(
      store_, context, user_videos, {user}, cursor, size, std::move(request.start));
}

}  // namespace killrvideo
