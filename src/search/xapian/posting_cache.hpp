// Lists of postings, decoded and cached: queries are made of the same words again and again, and to
// walk an array takes a tenth of the time that Xapian needs to walk its blocks.
//
// A list belongs to one revision of one database and is used for that one only, so a search sees
// the same index whether its lists were cached or not. A commit drops them all.
#pragma once

#include <xapian.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/versioned_cache.hpp"

namespace killrvideo::xapian_engine {

/// The documents that a term is in, in the order of their numbers, and its impact in each.
struct Postings {
  std::vector<Xapian::docid> numbers;
  std::vector<std::uint8_t> impacts;
  std::uint8_t most_impact = 0;
};

using PostingsPtr = std::shared_ptr<const Postings>;

/// What a reader sees. Two that are equal have the same postings.
struct Snapshot {
  explicit Snapshot(const Xapian::Database& database)
      : database(database.get_uuid()), revision(database.get_revision()) {}
  Snapshot() = default;
  bool operator==(const Snapshot&) const = default;

  std::string database;
  Xapian::rev revision = 0;
};

/// Lists by their terms.
using PostingCache = VersionedCache<Snapshot, std::string, PostingsPtr>;
/// An empty one, for some 20 MB.
PostingCache make_posting_cache();

/// The postings that one search asks for.
class PostingsReader {
 public:
  /// The database and the cache outlive this.
  PostingsReader(const Xapian::Database& database, PostingCache& cache)
      : database_(database), cache_(cache), snapshot_(database) {}

  /// Those of a term, cached or read now.
  PostingsPtr read(const std::string& term);

  const Xapian::Database& database() const { return database_; }

  /// Caches what was not cached. It may be called when the database is not this thread's any more.
  /// REQUIRES: that has not been changed so much that what was read cannot be relied on.
  void keep_read();

 private:
  const Xapian::Database& database_;
  PostingCache& cache_;
  Snapshot snapshot_;
  std::vector<std::pair<std::string, PostingsPtr>> lists_;
};

}  // namespace killrvideo::xapian_engine
