// Tables of the search.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "storage/store.hpp"

namespace killrvideo {

/// A search index that is complete or being built. See search/active_indexes.hpp.
struct ActiveIndex {
  std::string kind;  ///< of engine, such as "embedded"
  Uuid indexid;
  bool complete = false;  ///< the index has all videos; false: it is being built
  /// All videos that were written before this time are in the index. Later ones come by events or,
  /// where each process has an index of its own, by a search/follower.hpp.
  Timestamp followed_to;
};
BOOST_DESCRIBE_STRUCT(ActiveIndex, (), (kind, indexid, complete, followed_to))

/// A video that could not be indexed. See search/index_updater.hpp.
struct IndexRetry {
  std::string kind;  ///< of engine
  TimeUuid retryid;
  VideoId videoid;
};
BOOST_DESCRIBE_STRUCT(IndexRetry, (), (kind, retryid, videoid))

/// The kind of the index that each process keeps for itself.
inline constexpr std::string_view embedded_index = "embedded";
/// The kind of the index that all processes share.
inline constexpr std::string_view opensearch_index = "opensearch";

inline const storage::Table<ActiveIndex, storage::Partition<&ActiveIndex::kind>,
                            storage::Clustering<storage::Ascending<&ActiveIndex::indexid>>>
    search_active_indexes{"search_active_indexes"};

inline const storage::Table<IndexRetry, storage::Partition<&IndexRetry::kind>,
                            storage::Clustering<storage::Ascending<&IndexRetry::retryid>>>
    search_retry_queue{"search_retry_queue", storage::AccessPattern::queue};

}  // namespace killrvideo
