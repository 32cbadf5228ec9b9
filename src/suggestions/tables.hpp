// Tables of the suggestions: what ratings and tags say about which videos belong together.
#pragma once

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

/// The best of a video's scores; see top_list.hpp.
struct RelatedVideos {
  VideoId videoid;
  storage::Blob best;
};
BOOST_DESCRIBE_STRUCT(RelatedVideos, (), (videoid, best))

/// Videos of which a changed score has not yet come to the lists of the best: `changed` with each
/// of `all`, both ways. Lists of ids.
struct UnlistedScores {
  UserId userid;
  storage::Blob changed;
  storage::Blob all;
};
BOOST_DESCRIBE_STRUCT(UnlistedScores, (), (userid, changed, all))

/// What the last rating of a user's that was counted adds to scores (CountedScores of
/// recommender_scores.proto), where processes share the recommender's work.
struct CountedByUser {
  UserId userid;
  std::int64_t number = 0;  ///< of the user's counted ratings
  Timestamp made_at;        ///< as in SuggestionsMade: of the scores to which it is to be added
  storage::Blob scores;
  std::optional<std::int64_t> handed_over;  ///< the number up to which those scores are
};
BOOST_DESCRIBE_STRUCT(CountedByUser, (), (userid, number, made_at, scores, handed_over))

/// Up to which number of a user's counted ratings a video's scores have what these add to them.
struct AppliedByUser {
  VideoId videoid;
  UserId userid;
  std::int64_t number = 0;
  Timestamp made_at;  ///< as above
};
BOOST_DESCRIBE_STRUCT(AppliedByUser, (), (videoid, userid, number, made_at))

/// The newest videos with a tag, see tag_list.hpp, and how many there are in videos_by_tag.
struct TaggedVideos {
  std::string tag;
  storage::Blob newest;
  std::int64_t total = 0;

  bool operator==(const TaggedVideos&) const = default;
};
BOOST_DESCRIBE_STRUCT(TaggedVideos, (), (tag, newest, total))

/// Says, by its being there, that all of these tables were made from what the store had; see
/// rebuild.hpp.
struct SuggestionsMade {
  std::string what;
  Timestamp made_at;
};
BOOST_DESCRIBE_STRUCT(SuggestionsMade, (), (what, made_at))

struct VideoByTag {
  std::string tag;
  VideoId videoid;
  std::optional<Timestamp> added_date;
  std::optional<UserId> userid;
  std::string name;
  std::string preview_image_location;
  std::optional<Timestamp> tagged_date;
};
BOOST_DESCRIBE_STRUCT(VideoByTag, (),
                      (tag, videoid, added_date, userid, name, preview_image_location, tagged_date))

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

inline const storage::Table<UnlistedScores, storage::Partition<&UnlistedScores::userid>>
    suggestions_unlisted{"suggestions_unlisted", storage::AccessPattern::queue};

inline const storage::Table<CountedByUser, storage::Partition<&CountedByUser::userid>>
    suggestions_counted{"suggestions_counted"};

inline const storage::Table<AppliedByUser, storage::Partition<&AppliedByUser::videoid>,
                            storage::Clustering<storage::Ascending<&AppliedByUser::userid>>>
    suggestions_applied{"suggestions_applied"};

inline const storage::Table<TaggedVideos, storage::Partition<&TaggedVideos::tag>> suggestions_tags{
    "suggestions_tags"};

inline const storage::Table<SuggestionsMade, storage::Partition<&SuggestionsMade::what>>
    suggestions_made{"suggestions_made"};

inline const storage::Table<VideoByTag, storage::Partition<&VideoByTag::tag>,
                            storage::Clustering<storage::Ascending<&VideoByTag::videoid>>>
    videos_by_tag{"videos_by_tag"};

}  // namespace killrvideo
