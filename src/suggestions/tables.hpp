// Tables of the suggestions: what ratings say about which videos belong together.
#pragma once

#include "catalog/ranked_list.hpp"
#include "storage/table.hpp"

namespace killrvideo {

/// Stars from which on a rating says that the user likes the video.
inline constexpr std::int32_t least_stars_liked = 3;

/// A rating of a video that a user likes, as it is counted in the scores.
struct Like {
  UserId userid;
  VideoId videoid;
  std::int32_t rating = 0;
  Timestamp rating_date;

  bool operator==(const Like&) const = default;
};
BOOST_DESCRIBE_STRUCT(Like, (), (userid, videoid, rating, rating_date))

/// The same, newest first.
struct RecentLike {
  UserId userid;
  Timestamp rating_date;
  VideoId videoid;
  std::int32_t rating = 0;

  bool operator==(const RecentLike&) const = default;
};
BOOST_DESCRIBE_STRUCT(RecentLike, (), (userid, rating_date, videoid, rating))

/// How much the users who like one video like another one.
struct VideoScore {
  VideoId videoid;
  VideoId otherid;
  std::int64_t score = 0;
};
BOOST_DESCRIBE_STRUCT(VideoScore, (), (videoid, otherid, score))

/// The best scores of a video. Readers may rely on the best `least_scores`: a list that may lack
/// some of these is made from all scores again.
using ScoreList = RankedList<150>;
inline constexpr std::size_t least_scores = 100;

/// The ScoreList of a video.
struct RelatedVideos {
  VideoId videoid;
  storage::Blob best;
};
BOOST_DESCRIBE_STRUCT(RelatedVideos, (), (videoid, best))

/// What the last rating of a user that was counted adds to scores (UserDeltas of
/// recommender_deltas.proto), where that is not one batch with the scores.
struct PublishedDeltas {
  UserId userid;
  std::int64_t sequence = 0;  ///< counts up with each rating of the user that was counted
  Timestamp epoch;            ///< of the scores to which they are to be added; see RebuildEpoch
  storage::Blob deltas;
  std::optional<std::int64_t> published_to;  ///< the last sequence that was published
};
BOOST_DESCRIBE_STRUCT(PublishedDeltas, (), (userid, sequence, epoch, deltas, published_to))

/// The last of a user's deltas that a video's scores contain.
struct AppliedDelta {
  VideoId videoid;
  UserId userid;
  std::int64_t sequence = 0;
  Timestamp epoch;
};
BOOST_DESCRIBE_STRUCT(AppliedDelta, (), (videoid, userid, sequence, epoch))

/// One row: when all of these tables were last rebuilt; null while they have to be.
struct SuggestionsEpoch {
  std::string what;
  std::optional<Timestamp> epoch;
};
BOOST_DESCRIBE_STRUCT(SuggestionsEpoch, (), (what, epoch))

inline const storage::Table<Like, storage::Partition<&Like::userid>,
                            storage::Clustering<storage::Ascending<&Like::videoid>>>
    suggestions_likes{"suggestions_likes"};

inline const storage::Table<RecentLike, storage::Partition<&RecentLike::userid>,
                            storage::Clustering<storage::Descending<&RecentLike::rating_date>,
                                                storage::Ascending<&RecentLike::videoid>>>
    suggestions_recent_likes{"suggestions_recent_likes"};

inline const storage::Table<VideoScore, storage::Partition<&VideoScore::videoid>,
                            storage::Clustering<storage::Ascending<&VideoScore::otherid>>>
    suggestions_scores{"suggestions_scores"};

inline const storage::Table<RelatedVideos, storage::Partition<&RelatedVideos::videoid>>
    suggestions_related{"suggestions_related"};

inline const storage::Table<PublishedDeltas, storage::Partition<&PublishedDeltas::userid>>
    suggestions_deltas{"suggestions_deltas"};

inline const storage::Table<AppliedDelta, storage::Partition<&AppliedDelta::videoid>,
                            storage::Clustering<storage::Ascending<&AppliedDelta::userid>>>
    suggestions_applied_deltas{"suggestions_applied_deltas"};

inline const storage::Table<SuggestionsEpoch, storage::Partition<&SuggestionsEpoch::what>>
    suggestions_epoch{"suggestions_epoch"};

}  // namespace killrvideo
