// Comments on videos, listed by video and by user.
#pragma once

#include <string>

#include "comments/tables.hpp"
#include "common/keyed_mutex.hpp"
#include "common/paging.hpp"
#include "storage/store.hpp"

namespace killrvideo {

struct NewComment {
  CommentId comment_id;
  VideoId video_id;
  UserId user_id;
  std::string comment;  ///< 1 to 5,000 characters
};

class Comments {
 public:
  explicit Comments(storage::Store& store) : store_(store) {}

  /// Adds a comment, made at the time of its id. The video and the user need not be known here. The
  /// same comment again is a no-op; another one with the same id throws already_exists. Publishes
  /// UserCommentedOnVideo.
  Task<void> comment_on_video(const Context& context, NewComment comment);

  /// Newest first, from the starting comment on.
  Task<PageResult<CommentByVideo>> of_video(const Context& context, VideoId video,
                                            PageRequest<std::tuple<CommentId>> request);
  Task<PageResult<CommentByUser>> of_user(const Context& context, UserId user,
                                          PageRequest<std::tuple<CommentId>> request);

 private:
  Task<bool> exists(const Context& context, const NewComment& comment);

  storage::Store& store_;
  // Of several writers of one id in this process, one writes and the others find its comment. Two
  // processes have no such order: who gives two comments the same id, through both at the same
  // moment, may be told twice that all is well. A conditional write would close that, at twice the
  // price for every comment.
  KeyedMutex<CommentId, UuidHash> being_written_;
};

}  // namespace killrvideo
