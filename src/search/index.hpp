// The port behind the search: an index of the words of videos, which engines keep.
//
// An index is only a hint to what is in the videos table and can be rebuilt from it at any time.
// The service knows nothing of how it is kept; an engine knows nothing of videos but what is in
// here. Each index that was ever built has an id; the store says which one is active
// (search/active_indexes.hpp).
//
// Threads: any number of threads may ask questions (search, completions, videos_with, entries) at
// any time. Everything else is done by one thread at a time, and may block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/context.hpp"
#include "common/task.hpp"
#include "common/uuid.hpp"
#include "search/words.hpp"

namespace killrvideo {

/// A video as it is indexed. Its words are those of words_of(), repeated ones too, and of
/// completion_words_of(). An engine may refuse others with Error internal, and then changes
/// nothing.
struct IndexedVideo {
  VideoId id;
  std::uint64_t fingerprint = 0;  ///< of all that was indexed; given back with every hit
  std::vector<std::string> name;
  std::vector<std::string> tags;
  std::vector<std::string> description;
  Timestamp added{};
  std::vector<CompletionWord> completions;
};

struct IndexChanges {
  std::vector<IndexedVideo> present;  ///< added, or put in place of what the index has
  std::vector<VideoId> absent;        ///< removed, if the index has them
  /// They were read from the store at this time or later. An index that others change, too, keeps
  /// what was read later.
  Timestamp as_of{};
};

/// What an index knows of a video when it points to it.
struct IndexEntry {
  VideoId video;
  std::uint64_t fingerprint = 0;
  Timestamp added{};
};

struct SearchHit : IndexEntry {
  std::string cursor;  ///< opaque: a search continues here after this hit
};

struct SearchHits {
  std::vector<SearchHit> hits;
  /// What is being looked for: the words of the query that are known, and near ones in place of
  /// those that match nothing.
  std::vector<std::string> words;
  std::string query_state;  ///< opaque: what stays the same on all pages
};

/// Where a search continues.
struct SearchFrom {
  std::string query_state;  ///< empty: a new search
  std::string cursor;       ///< of the last hit that was used; empty: begin with the best one
};

/// A word for completions that videos have, and one of these videos.
struct Completion : IndexEntry {
  CompletionWord word;
};

/// An index that is being built beside the active one.
class IndexBuild {
 public:
  /// Removes the index unless keep() was called.
  virtual ~IndexBuild() = default;

  /// Adds a video, which must not have been added before. Fast; durable only with finish().
  virtual void add(const IndexedVideo& video) = 0;
  /// Makes all that was added durable. Called once.
  virtual void finish() = 0;
  /// Durable changes. REQUIRES: finish() was called.
  virtual void apply(const IndexChanges& changes) = 0;
  /// Lets the index be opened once this is destroyed. Nothing is called afterwards.
  virtual void keep() = 0;
};

class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  /// Uses an index that was built, and drops all others that nobody uses or builds. Returns false
  /// if it does not exist, is damaged or of another format; then none is in use.
  virtual bool open(const Uuid& id) = 0;
  /// Stops using the index; questions throw unavailable from now on.
  virtual void close() = 0;
  /// Begins an index with this new id.
  virtual std::unique_ptr<IndexBuild> build(const Uuid& id) = 0;

  /// Changes the index in use; durable and seen by every question when it returns. An index that
  /// processes share makes the same changes in all of `begun`, the indexes that any process may be
  /// building. Throws Error; then nothing was changed and, if the index cannot be used any more,
  /// broken() returns true.
  virtual void apply(const IndexChanges& changes, std::span<const Uuid> begun) = 0;

  /// Whether the index in use turned out to be damaged. Any thread.
  virtual bool broken() const = 0;
  /// Whether another server keeps the index, so that apply() throws unavailable while that server
  /// is unavailable, and all processes on a store share the index. Any thread.
  virtual bool is_remote() const { return false; }
  /// Why that server cannot be used now; empty if it can. Any thread.
  virtual std::string why_unavailable() const { return {}; }
  /// Whether there is an index in use. Any thread.
  virtual bool is_open() const = 0;

  // Questions throw unavailable while no index is in use.

  /// The best hits for folded words, best first: videos with any of the words, a match in the name
  /// counting 4, in the tags 2, in the description 1, a rare word more than a frequent one; of
  /// equal ones the newest first. A word that no video has stands for its nearest known ones
  /// (misspelling_distance), all of which count less than any word that matches as it is. Pages
  /// that continue each other by `from` have each video once that the index has all the time, also
  /// if a rebuilt index takes over in between.
  /// Fewer than `limit` hits: there are no more. Throws invalid_argument on paging_state if `from`
  /// is not what an engine of this kind has returned.
  virtual Task<SearchHits> search(const Context& context, const std::vector<std::string>& words,
                                  const SearchFrom& from, std::size_t limit) = 0;

  /// The words for completions whose folded form begins with `beginning` and is longer, and which
  /// come after `after` if that is given; in their order.
  virtual Task<std::vector<Completion>> completions(const Context& context,
                                                    const std::string& beginning,
                                                    const std::optional<CompletionWord>& after,
                                                    std::size_t limit) = 0;

  /// Videos that have a word for completions, in no order.
  virtual Task<std::vector<IndexEntry>> videos_with(const Context& context,
                                                    const CompletionWord& word,
                                                    std::size_t limit) = 0;

  /// What the index has of each of these videos; nothing of those that it does not have.
  virtual Task<std::vector<std::optional<IndexEntry>>> entries(const Context& context,
                                                               std::span<const VideoId> ids) = 0;

  /// How many videos the index in use has; 0 if there is none. Any thread.
  virtual std::uint64_t size() const = 0;
};

}  // namespace killrvideo
