// Tables of the comments service: the same comments in two orders.
#pragma once

#include "storage/table.hpp"

namespace killrvideo {

// Of columns that other tools leave null: as in catalog/tables.hpp.

struct CommentByVideo {
  VideoId videoid;
  CommentId commentid;
  std::optional<UserId> userid;
  std::string comment;
  std::optional<float> sentiment_score;
};
BOOST_DESCRIBE_STRUCT(CommentByVideo, (), (videoid, commentid, userid, comment, sentiment_score))

struct CommentByUser {
  UserId userid;
  CommentId commentid;
  std::optional<VideoId> videoid;
  std::string comment;
  std::optional<float> sentiment_score;
};
BOOST_DESCRIBE_STRUCT(CommentByUser, (), (userid, commentid, videoid, comment, sentiment_score))

inline const storage::Table<CommentByVideo, storage::Partition<&CommentByVideo::videoid>,
                            storage::Clustering<storage::Descending<&CommentByVideo::commentid>>>
    comments_by_video{"comments_by_video", storage::AccessPattern::history};

inline const storage::Table<CommentByUser, storage::Partition<&CommentByUser::userid>,
                            storage::Clustering<storage::Descending<&CommentByUser::commentid>>>
    comments_by_user{"comments_by_user", storage::AccessPattern::history};

}  // namespace killrvideo
