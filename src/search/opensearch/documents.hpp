// How a video is a document of OpenSearch, and an index's settings.
//
//   N, R         its words with their impacts (search/impacts.hpp), those of the first tier and the
//                others: "word|units ...". The units become the term's frequency, and a similarity
//                of our own multiplies them by the query's boost: so a hit weighs what it weighs in
//                the embedded index, and never changes with what else is indexed.
//   words        all words, to be counted and corrected
//   completions  the keys of all words for completions (key_of)
//   id, added    of the video: the order of hits of equal weight
//   fingerprint  see IndexedVideo
//
// The analysis is search/words.hpp's, done here. Documents have versions, the time at which the row
// was read, so that what was read earlier never replaces what was read later.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "search/index.hpp"
#include "search/opensearch/options.hpp"

namespace killrvideo::opensearch {

/// In the names of indexes. Those of another format are rebuilt.
inline constexpr std::string_view format_number = "2";

/// The settings and mappings of an index; `alias` is its name for writers.
std::string index_definition(const Options& options, const std::string& alias);

/// Adds what puts a video to the body of a bulk request to `index`.
void append_video(std::string& bulk, const std::string& index, const IndexedVideo& video,
                  Timestamp version);
/// The same for changes.
void append_changes(std::string& bulk, const std::string& index, const IndexChanges& changes);

/// The fields that entry_of() needs of a hit.
boost::json::array entry_fields();
/// The entry that a hit is of. Throws Error unavailable if it is of none.
IndexEntry entry_of(const boost::json::value& hit);

}  // namespace killrvideo::opensearch
