#include "search/xapian/build.hpp"

#include <algorithm>

#include "common/durable.hpp"
#include "common/expects.hpp"
#include "search/xapian/format.hpp"

namespace killrvideo::xapian_engine {
namespace {

namespace fs = std::filesystem;

// What Xapian gathers in memory before it writes: some 15 MB.
constexpr std::size_t commit_after = 4'000;

// Videos that the index in use gets while the new one is built.
constexpr Xapian::docid room_for_additions = 1 << 20;

fs::path beside(fs::path directory) {
  directory += ".unfinished";
  return directory;
}

void sync_all(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory)) sync_to_disk(entry.path());
  sync_to_disk(directory);
  sync_to_disk(directory.parent_path());
}

// An event that is delivered again changes nothing. `wanted`: the number to be given to the video's
// document; 0: any.
void put(Xapian::WritableDatabase& database, const IndexedVideo& video, Xapian::docid wanted) {
  auto number = number_of(database, video.id);
  if (number != 0 && wanted != 0 && number != wanted) {
    database.delete_document(number);
    number = 0;
  }
  if (number == 0) {
    wanted != 0 ? database.replace_document(wanted, document_of(video))
                : static_cast<void>(database.add_document(document_of(video)));
  } else if (entry_of(database.get_document(number)).fingerprint != video.fingerprint) {
    database.replace_document(number, document_of(video));
  }
}

}  // namespace

Error to_error(const Xapian::Error& error, const std::string& doing) {
  return Error(Code::unavailable, "the search index: " + doing + ": " + error.get_description());
}

Build::Build(fs::path directory, std::optional<Predecessor> predecessor)
    : directory_(std::move(directory)),
      unfinished_(beside(directory_)),
      predecessor_(std::move(predecessor)),
      next_(next_begin()) {
  try {
    fs::create_directories(directory_.parent_path());
    database_ = Xapian::WritableDatabase(unfinished_.string(), Xapian::DB_CREATE_OR_OVERWRITE |
                                                                   Xapian::DB_BACKEND_GLASS |
                                                                   Xapian::DB_NO_SYNC);
    database_.set_metadata(std::string(format_name), std::string(format_number));
  } catch (const Xapian::Error& error) {
    throw to_error(error, "cannot begin a new one");
  } catch (const fs::filesystem_error& error) {
    throw Error(Code::unavailable, std::string("the search index: ") + error.what());
  }
}

Build::~Build() {
  database_ = {};
  std::error_code ignored;
  fs::remove_all(unfinished_, ignored);
  if (!kept_) fs::remove_all(directory_, ignored);
}

void Build::add(const IndexedVideo& video) try {
  const auto document = document_of(video);
  if (predecessor_) {
    const auto number = number_in_predecessor(video.id);
    database_.replace_document(number != 0 ? number : next_++, document);
  } else {
    database_.add_document(document);
  }
  if (++uncommitted_ < commit_after) return;
  database_.commit();
  uncommitted_ = 0;
} catch (const Xapian::Error& error) {
  throw to_error(error, "cannot add a video");
}

// Those that it gives while this is built are lower than any that is given here.
Xapian::docid Build::number_in_predecessor(const VideoId& id) const {
  const auto number = predecessor_ ? predecessor_->number_of(id) : 0;
  return number < next_begin() ? number : 0;
}

Xapian::docid Build::next_begin() const {
  return predecessor_ ? predecessor_->last + room_for_additions : 1;
}

void Build::finish() try {
  database_.commit();
  database_.compact(directory_.string(), Xapian::DB_NO_SYNC | Xapian::DBCOMPACT_NO_RENUMBER);
  database_ = {};
  fs::remove_all(unfinished_);
  sync_all(directory_);
  database_ = Xapian::WritableDatabase(directory_.string(), Xapian::DB_OPEN);
  finished_ = true;
} catch (const Xapian::Error& error) {
  throw to_error(error, "cannot be completed");
} catch (const fs::filesystem_error& error) {
  throw Error(Code::unavailable, std::string("the search index: ") + error.what());
}

void Build::apply(const IndexChanges& changes) try {
  expects(finished_, "finish() was called");
  commit(database_, changes, [this](const VideoId& id) { return number_in_predecessor(id); });
} catch (const Xapian::Error& error) {
  throw to_error(error, "cannot be changed");
}

void commit(Xapian::WritableDatabase& database, const IndexChanges& changes,
            const std::function<Xapian::docid(const VideoId&)>& wanted_number) {
  database.begin_transaction();
  try {
    for (const auto& video : changes.present)
      put(database, video, wanted_number ? wanted_number(video.id) : 0);
    for (const auto& id : changes.absent) database.delete_document(id_term(id));
  } catch (...) {
    database.cancel_transaction();
    throw;
  }
  database.commit_transaction();  // if it fails, there is no transaction any more
}

bool has_all(const Xapian::Database& database, const IndexChanges& changes) {
  const auto has = [&](const IndexedVideo& video) {
    const auto entry = find_entry(database, video.id);
    return entry && entry->fingerprint == video.fingerprint;
  };
  const auto has_not = [&](const VideoId& id) { return number_of(database, id) == 0; };
  return std::ranges::all_of(changes.present, has) && std::ranges::all_of(changes.absent, has_not);
}

}  // namespace killrvideo::xapian_engine
