// Lists of postings, decoded and kept in memory: queries are made of the same words again and
// again, and to walk an array takes a tenth of the time that Xapian needs to walk its blocks.
//
// A list belongs to one revision of one database and is given again for that one only, so a search
// sees the same index whether its lists were kept or not. What was committed drops them all.
#pragma once

#include <xapian.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace killrvideo::xapian_engine {

/// The documents that a term is in, in the order of their numbers, and its impact in each.
struct Postings {
  std::vector<Xapian::docid> numbers;
  std::vector<std::uint8_t> impacts;
  std::uint8_t most_impact = 0;
};

using PostingsPtr = std::shared_ptr<const Postings>;

/// The posting of one document, if the term is in it.
PostingsPtr read_posting(const Xapian::Database& database, const std::string& term,
                         Xapian::docid number);

/// What a reader sees. Two that are equal have the same postings.
struct Snapshot {
  explicit Snapshot(const Xapian::Database& database)
      : database(database.get_uuid()), revision(database.get_revision()) {}
  Snapshot() = default;
  bool operator==(const Snapshot&) const = default;

  std::string database;
  Xapian::rev revision = 0;
};

/// Lists that were read from one snapshot.
struct ReadPostings {
  Snapshot snapshot;
  std::vector<std::pair<std::string, PostingsPtr>> lists;  ///< by their terms
};

/// Any thread.
class KeptPostings {
 public:
  /// The postings of a term, if they are kept; else nullptr.
  PostingsPtr find(const Snapshot& snapshot, const std::string& term) const;

  /// Keeps these, and none of another snapshot any more. REQUIRES: the database has not been
  /// changed so much that what was read cannot be relied on.
  void keep(const ReadPostings& read);

 private:
  void clear();

  mutable std::mutex mutex_;
  Snapshot snapshot_;
  std::unordered_map<std::string, PostingsPtr> lists_;
  std::size_t postings_ = 0;  // in all lists
};

/// The postings that one search asks for.
class PostingsReader {
 public:
  /// The database and what is kept outlive this.
  PostingsReader(const Xapian::Database& database, const KeptPostings& kept)
      : database_(database), kept_(kept), read_{Snapshot(database), {}} {}

  /// Those of a term, kept or read now.
  PostingsPtr read(const std::string& term);

  const Xapian::Database& database() const { return database_; }
  /// What was not kept.
  ReadPostings take_read() { return std::move(read_); }

 private:
  const Xapian::Database& database_;
  const KeptPostings& kept_;
  ReadPostings read_;
};

}  // namespace killrvideo::xapian_engine
