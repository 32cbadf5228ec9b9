#include "search/xapian/index.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "common/file_status.hpp"
#include "common/log.hpp"
#include "common/required.hpp"
#include "search/xapian/build.hpp"
#include "search/xapian/format.hpp"
#include "search/xapian/hits.hpp"

namespace killrvideo::xapian_engine {
namespace {

namespace fs = std::filesystem;

constexpr Xapian::docid most_kept_number = 1U << 31;

Error damaged() {
  return Error(Code::unavailable, "the search index is damaged and will be rebuilt");
}

// Whether the process lacked something for a moment, which says nothing of the index.
bool is_shortage(const Xapian::Error& error) {
  const char* cause = error.get_error_string();
  return cause && std::ranges::any_of(std::array{EMFILE, ENFILE, ENOMEM}, [&](int code) {
           return std::generic_category().message(code) == cause;
         });
}

// Nothing if there is no index of this format that can be used.
std::optional<Xapian::WritableDatabase> open_writer(const fs::path& directory) try {
  if (!fs::exists(status_of(directory))) return std::nullopt;
  Xapian::WritableDatabase writer(directory.string(), Xapian::DB_OPEN);
  if (writer.get_metadata(std::string(format_name)) == format_number) return writer;
  log::info("the search index is of another version", {{"directory", directory.string()}});
  return std::nullopt;
} catch (const Xapian::DatabaseLockError& error) {
  // Also thrown where the lock may not be written.
  throw Error(Code::failed_precondition,
              error.get_msg().ends_with("already locked")
                  ? "the search index " + directory.string() + " is used by another process"
                  : "the search index: " + error.get_msg());
} catch (const Xapian::Error& error) {
  log::warn("the search index cannot be opened",
            {{"directory", directory.string()}, {"error", error.get_description()}});
  return std::nullopt;
}

}  // namespace

template <class Question>
auto Index::ask(Question&& question) try {
  return readers_.ask(std::forward<Question>(question));
} catch (const Xapian::RuntimeError& error) {
  if (is_shortage(error)) throw to_error(error, "cannot be read");
  if (!broken_.exchange(true))
    log::error("the search index is damaged", {{"error", error.get_description()}});
  throw damaged();
} catch (const Xapian::Error& error) {
  throw Error(Code::internal, "the search index: " + error.get_description());
}

bool Index::open(const Uuid& id) {
  const auto directory = directory_ / id.to_string();
  auto writer = open_writer(directory);
  if (!writer) {
    close();
    return false;
  }
  // Questions go on without a gap: each is asked of the one or of the other.
  size_ = writer->get_doccount();
  writer_ = std::move(writer);
  current_ = directory;
  broken_ = false;
  readers_.use(directory);
  // Whoever reads from the others has their files open.
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error))
    if (entry.path() != directory) fs::remove_all(entry.path(), error);
  return true;
}

void Index::close() {
  readers_.close();
  broken_ = false;
  writer_.reset();
  size_ = 0;
}

std::unique_ptr<IndexBuild> Index::build(const Uuid& id) {
  std::optional<Build::Predecessor> predecessor;
  if (is_open()) {
    const auto last =
        ask([](const Xapian::Database& database) { return database.get_lastdocid(); });
    // An index may skip a million numbers and has four billion: now and then one restarts from the
    // first.
    if (last < most_kept_number)
      predecessor = {[this](const VideoId& video) {
                       return ask([&](const Xapian::Database& database) {
                         return number_of(database, video);
                       });
                     },
                     last};
  }
  return std::make_unique<Build>(directory_ / id.to_string(), std::move(predecessor));
}

void Index::apply(const IndexChanges& changes, std::span<const Uuid>) {
  if (!writer_) throw not_in_use();
  if (has_all(changes)) return;
  const Readers::Change turn(readers_);
  change(*writer_, changes);
  size_ = writer_->get_doccount();
}

// An event that comes again, or a video that is met again, costs no commit. If that cannot be told,
// the change itself says why.
bool Index::has_all(const IndexChanges& changes) const try {
  return xapian_engine::has_all(required(writer_), changes);
} catch (const Xapian::Error&) {
  return false;
}

void Index::change(Xapian::WritableDatabase& writer, const IndexChanges& changes) try {
  commit(writer, changes);
} catch (const Xapian::DatabaseCorruptError& error) {
  log::error("the search index is damaged", {{"error", error.get_description()}});
  broken_ = true;
  throw damaged();
} catch (const Xapian::Error& error) {
  reopen_writer();
  throw to_error(error, "cannot be changed");
}

// A commit that failed, on a full disk perhaps, leaves a database that cannot go on.
void Index::reopen_writer() try {
  writer_.reset();
  writer_.emplace(current_.string(), Xapian::DB_OPEN);
} catch (const Xapian::Error& error) {
  log::error("the search index cannot be opened again", {{"error", error.get_description()}});
  broken_ = true;
}

Task<SearchHits> Index::search(const Context&, const std::vector<std::string>& words,
                               const SearchFrom& from, std::size_t limit) {
  auto [hits, postings] = ask([&](const Xapian::Database& database) {
    PostingsReader reader(database, posting_cache_);
    auto found = find_hits(reader, words, from, limit);
    return std::pair(std::move(found), std::move(reader));
  });
  postings.keep_read();
  co_return std::move(hits);
}

Task<std::vector<Completion>> Index::completions(const Context&, const std::string& beginning,
                                                 const std::optional<CompletionWord>& after,
                                                 std::size_t limit) {
  const CompletionQuestion question{beginning, after ? key_of(*after) : "", limit};
  const auto state = readers_.state();
  if (is_open())
    if (auto cached = completion_cache_.find(state, question)) co_return *std::move(cached);
  auto completions = ask([&](const Xapian::Database& database) {
    return completions_of(database, beginning, after, limit);
  });
  completion_cache_.keep(state, question, completions);
  co_return completions;
}

Task<std::vector<IndexEntry>> Index::videos_with(const Context&, const CompletionWord& word,
                                                 std::size_t limit) {
  co_return ask(
      [&](const Xapian::Database& database) { return videos_having(database, word, limit); });
}

Task<std::vector<std::optional<IndexEntry>>> Index::entries(const Context&,
                                                            std::span<const VideoId> ids) {
  co_return ask([&](const Xapian::Database& database) {
    std::vector<std::optional<IndexEntry>> found;
    for (const auto& id : ids) found.push_back(find_entry(database, id));
    return found;
  });
}

}  // namespace killrvideo::xapian_engine
