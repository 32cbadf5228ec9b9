// Tables of the search.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "storage/store.hpp"

namespace killrvideo {

/// Which index has all that the store has and every event until now, but for those in the outbox,
/// where one process has the store for itself. See search/in_force.hpp.
struct SearchIndexInForce {
  std::string kind;  ///< of engine, such as "embedded"
  Uuid indexid;
};
BOOST_DESCRIBE_STRUCT(SearchIndexInForce, (), (kind, indexid))

/// Where several processes share the store: an index that one of them has, with everything that was
/// written before `position`.
struct SearchPosition {
  Uuid indexid;
  Timestamp position;
};
BOOST_DESCRIBE_STRUCT(SearchPosition, (), (indexid, position))

/// A video that waits for a server of indexes to be back. See search/missed.hpp.
struct MissedVideo {
  std::string kind;  ///< of engine
  TimeUuid missedid;
  VideoId videoid;
};
BOOST_DESCRIBE_STRUCT(MissedVideo, (), (kind, missedid, videoid))

/// The kind of the index that each process keeps for itself.
inline constexpr std::string_view embedded_index = "embedded";
/// The kind of the index that all processes share.
inline constexpr std::string_view opensearch_index = "opensearch";

inline const storage::Table<SearchIndexInForce, storage::Partition<&SearchIndexInForce::kind>>
    search_indexes{"search_indexes"};

inline const storage::Table<SearchPosition, storage::Partition<&SearchPosition::indexid>>
    search_positions{"search_positions"};

inline const storage::Table<MissedVideo, storage::Partition<&MissedVideo::kind>,
                            storage::Clustering<storage::Ascending<&MissedVideo::missedid>>>
    search_missed{"search_missed", storage::AccessPattern::queue};

}  // namespace killrvideo
