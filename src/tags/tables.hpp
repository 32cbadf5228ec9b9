// Tables of the tags: which videos have one.
#pragma once

#include "catalog/ranked_list.hpp"
#include "storage/table.hpp"

namespace killrvideo {

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

/// The newest videos with a tag. Videos are added only; readers look them up.
using TagList = RankedList<200>;

/// The TagList of a tag, and how many videos with it are in videos_by_tag.
struct TaggedVideos {
  std::string tag;
  storage::Blob newest;
  std::int64_t total = 0;

  bool operator==(const TaggedVideos&) const = default;
};
BOOST_DESCRIBE_STRUCT(TaggedVideos, (), (tag, newest, total))

inline const storage::Table<VideoByTag, storage::Partition<&VideoByTag::tag>,
                            storage::Clustering<storage::Ascending<&VideoByTag::videoid>>>
    videos_by_tag{"videos_by_tag"};

inline const storage::Table<TaggedVideos, storage::Partition<&TaggedVideos::tag>> suggestions_tags{
    "suggestions_tags"};

}  // namespace killrvideo
