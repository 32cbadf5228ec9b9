#include "search/opensearch/index.hpp"

#include <algorithm>

#include "common/clock.hpp"
#include "common/log.hpp"
#include "common/time_limits.hpp"
#include "search/opensearch/build.hpp"
#include "search/opensearch/documents.hpp"

namespace killrvideo::opensearch {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto look_interval = 1s;
// A fifth of what is left to the caller is reserved for the rest of the call.
constexpr int share_for_others = 5;

// Until when OpenSearch may answer, for a caller to learn in time that it did not.
steady_clock::time_point answer_time(const Context& context, std::chrono::milliseconds limit) {
  context.check_deadline();
  const auto now = steady_clock::now();
  if (context.deadline() == Context::Deadline::max()) return now + limit;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      context.deadline() - std::chrono::system_clock::now());
  return now + std::min(limit, left - left / share_for_others);
}

}  // namespace

Index::Index(Options options)
    : options_(std::move(options)), client_(options_), looking_(look_interval, [this] {
        const std::lock_guard lock(mutex_);
        look();
      }) {}

bool Index::open(const Uuid& id) {
  const std::lock_guard lock(mutex_);
  wanted_ = id;
  broken_ = false;
  look();
  if (broken_) {
    close();
    return false;
  }
  // Not before: until the alias is switched, searches would ask an index of another format.
  open_ = true;
  return true;
}

void Index::close() {
  open_ = false;
  wanted_.reset();
  broken_ = false;
  size_ = 0;
}

std::unique_ptr<IndexBuild> Index::build(const Uuid& id) {
  return std::make_unique<Build>(admin_, id);
}

std::string Index::why_unavailable() const { return away_ ? "OpenSearch does not answer" : ""; }

// Looking at it ------------------------------------------------------------------------------

void Index::look() try {
  try_to_look();
  set_away(false, "");
} catch (const std::exception& error) {
  set_away(true, error.what());
}

void Index::try_to_look() {
  const auto found = admin_.list();
  if (!open_ && !wanted_) return;
  if (wanted_) {
    use(*wanted_, found);
    wanted_.reset();
  } else if (const auto named = std::ranges::find(found, true, &FoundIndex::in_use);
             named == found.end()) {
    broken_ = true;
  } else {
    set_in_use(named->id);
    retire_if_replaced(found);
  }
  remove_others(found);
  size_ = admin_.count();
}

void Index::use(const Uuid& id, const std::vector<FoundIndex>& found) {
  const auto wanted = std::ranges::find(found, std::optional(id), &FoundIndex::id);
  if (wanted == found.end() || wanted->retired) {
    broken_ = true;
    return;
  }
  if (!wanted->in_use) {
    admin_.switch_to(id, found);
    document_frequency_cache_.forget();
  }
  own_ = id;
  set_in_use(id);
}

void Index::set_in_use(std::optional<Uuid> id) {
  const std::lock_guard lock(in_use_mutex_);
  in_use_ = id;
}

// If two processes switch the alias at the same time, the first one retires its own index.
void Index::retire_if_replaced(const std::vector<FoundIndex>& found) {
  const auto own = std::ranges::find(found, own_, &FoundIndex::id);
  if (!own_ || own == found.end() || own->in_use) return;
  if (!own->retired) admin_.retire(own->name);
  own_.reset();
}

// Questions to a retired one are answered, or given up, within their time limit.
void Index::remove_others(const std::vector<FoundIndex>& found) {
  const auto now_steady = steady_clock::now();
  std::erase_if(retired_, [&](const auto& seen) {
    return std::ranges::find(found, seen.first, &FoundIndex::name) == found.end();
  });
  for (const auto& index : found) {
    const bool abandoned =
        !index.in_use && index.created + time_limits::index_build_abandoned_after < now();
    const bool unused =
        index.retired &&
        retired_.try_emplace(index.name, now_steady).first->second + options_.question_limit <
            now_steady;
    if (abandoned || unused) admin_.remove(index.name);
  }
}

void Index::set_away(bool away, const char* why) {
  if (away_.exchange(away) == away) return;
  if (away) {
    log::warn("OpenSearch cannot be used; searches are refused and indexing waits",
              {{"error", why}});
  } else {
    log::info("OpenSearch answers again");
  }
}

// Changes ------------------------------------------------------------------------------------

// The index in use may have been invalidated, and then is not among those that were begun.
void Index::apply(const IndexChanges& changes, std::span<const Uuid> begun) {
  if (away_) throw Error(Code::unavailable, why_unavailable());
  std::vector<Uuid> targets(begun.begin(), begun.end());
  {
    const std::lock_guard lock(in_use_mutex_);
    if (in_use_ && std::ranges::find(begun, *in_use_) == begun.end()) targets.push_back(*in_use_);
  }
  std::string bulk;
  for (const Uuid& id : targets) append_changes(bulk, admin_.write_alias_of(id), changes);
  admin_.bulk(bulk, true);
  document_frequency_cache_.forget();
}

// Questions ----------------------------------------------------------------------------------

Questions Index::questions(const Context& context) {
  if (!open_) throw Error(Code::unavailable, "the search index is being built; try again soon");
  if (away_) throw Error(Code::unavailable, "the search index does not answer; try again soon");
  return {client_, document_frequency_cache_, admin_.alias(),
          answer_time(context, options_.question_limit)};
}

Task<SearchHits> Index::search(const Context& context, const std::vector<std::string>& words,
                               const SearchFrom& from, std::size_t limit) {
  auto asked = questions(context);
  co_return co_await asked.search(words, from, limit);
}

Task<std::vector<Completion>> Index::completions(const Context& context,
                                                 const std::string& beginning,
                                                 const std::optional<CompletionWord>& after,
                                                 std::size_t limit) {
  auto asked = questions(context);
  co_return co_await asked.completions(beginning, after, limit);
}

Task<std::vector<IndexEntry>> Index::videos_with(const Context& context, const CompletionWord& word,
                                                 std::size_t limit) {
  auto asked = questions(context);
  co_return co_await asked.videos_with(word, limit);
}

Task<std::vector<std::optional<IndexEntry>>> Index::entries(const Context& context,
                                                            std::span<const VideoId> ids) {
  auto asked = questions(context);
  co_return co_await asked.entries(ids);
}

}  // namespace killrvideo::opensearch
