// An index that is being built: what is added goes to a directory of its own, without waiting for
// the disk, and is then written once more without gaps.
#pragma once

#include <xapian.h>

#include <filesystem>
#include <functional>
#include <optional>

#include "search/index.hpp"

namespace killrvideo::xapian_engine {

class Build : public IndexBuild {
 public:
  /// Tells the number of a video's document in the index in use, and the last number there.
  struct Predecessor {
    std::function<Xapian::docid(const VideoId&)> number_of;
    Xapian::docid last = 0;
  };

  /// Makes the index in `directory`, which must not exist, and until finish() in one beside it.
  /// Documents have the numbers that they have in the predecessor, also those that it gets before
  /// apply(). Throws Error unavailable.
  Build(std::filesystem::path directory, std::optional<Predecessor> predecessor);
  ~Build() override;

  void add(const IndexedVideo& video) override;
  void finish() override;
  void apply(const IndexChanges& changes) override;
  void keep() override { kept_ = true; }

 private:
  Xapian::docid number_in_predecessor(const VideoId& id) const;
  Xapian::docid next_begin() const;

  const std::filesystem::path directory_;
  const std::filesystem::path unfinished_;
  const std::optional<Predecessor> predecessor_;
  Xapian::docid next_;  // that the predecessor does not know, nor will until it is replaced
  Xapian::WritableDatabase database_;
  bool finished_ = false;  // the database is that in directory_
  bool kept_ = false;
  std::size_t uncommitted_ = 0;
};

/// Makes changes as one, on disk when it returns. Throws Xapian::Error, after which the database
/// has to be opened again, and what document_of() throws; then none was made. `wanted_number`, if
/// there is one, tells the number that a video's document is to have, or 0.
void commit(Xapian::WritableDatabase& database, const IndexChanges& changes,
            const std::function<Xapian::docid(const VideoId&)>& wanted_number = {});

/// Whether commit() would change nothing. Throws Xapian::Error.
bool has_all(const Xapian::Database& database, const IndexChanges& changes);

/// The Error for what Xapian threw; `doing` says what was tried.
Error to_error(const Xapian::Error& error, const std::string& doing);

}  // namespace killrvideo::xapian_engine
