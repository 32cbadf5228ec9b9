#include "comments/comments.hpp"

#include "comments/comments_events.pb.h"
#include "comments/rules.hpp"
#include "common/concurrently.hpp"
#include "common/protobuf.hpp"
#include "events/outbox.hpp"
#include "storage/listing.hpp"

namespace killrvideo {
namespace {

comments::events::UserCommentedOnVideo event_of(const NewComment& comment) {
  comments::events::UserCommentedOnVideo event;
  write_id(comment.user_id, event.mutable_user_id());
  write_id(comment.video_id, event.mutable_video_id());
  write_id(comment.comment_id, event.mutable_comment_id());
  write_timestamp(comment.comment_id.timestamp(), event.mutable_comment_timestamp());
  return event;
}

}  // namespace

Task<void> Comments::comment_on_video(const Context& context, NewComment comment) {
  comment.comment = check_comment("comment", comment.comment);
  auto lock = co_await being_written_.lock(comment.comment_id);
  bool known = co_await exists(context, comment);
  if (known) co_return;
  storage::Batch batch;
  batch.insert(comments_by_video, {comment.video_id, comment.comment_id, comment.user_id,
                                   comment.comment, std::nullopt});
  batch.insert(comments_by_user, {comment.user_id, comment.comment_id, comment.video_id,
                                  comment.comment, std::nullopt});
  add_event(context, batch, comment.video_id, event_of(comment));
  co_await store_.commit(context, std::move(batch));
}

// Looks at both tables: an id that one of them has for another comment must not overwrite it.
Task<bool> Comments::exists(const Context& context, const NewComment& comment) {
  auto rows =
      co_await both(store_.get(context, comments_by_video, {comment.video_id, comment.comment_id}),
                    store_.get(context, comments_by_user, {comment.user_id, comment.comment_id}));
  const auto& [by_video, by_user] = rows;
  if ((by_video && (by_video->userid != comment.user_id || by_video->comment != comment.comment)) ||
      (by_user && (by_user->videoid != comment.video_id || by_user->comment != comment.comment)))
    throw Error(Code::already_exists, "comment_id", "is the id of another comment");
  co_return by_video&& by_user;
}

Task<PageResult<CommentByVideo>> Comments::of_video(const Context& context, VideoId video,
                                                    PageRequest<std::tuple<CommentId>> request) {
  return storage::list_partition<&CommentByVideo::comment>(
      store_, context, comments_by_video, {video}, "GetVideoComments " + video.to_string(),
      std::move(request));
}

Task<PageResult<CommentByUser>> Comments::of_user(const Context& context, UserId user,
                                                  PageRequest<std::tuple<CommentId>> request) {
  return storage::list_partition<&CommentByUser::comment>(store_, context, comments_by_user, {user},
                                                          "GetUserComments " + user.to_string(),
                                                          std::move(request));
}

}  // namespace killrvideo
