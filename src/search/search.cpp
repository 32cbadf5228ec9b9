#include "search/search.hpp"

#include <algorithm>

#include "common/answer_room.hpp"
#include "common/validate.hpp"
#include "search/document.hpp"
#include "search/words.hpp"
#include "storage/position.hpp"

namespace killrvideo {
namespace {

constexpr Length query_length{1, 500};

// Of a word whose first video is gone, so many others are looked at.
constexpr std::size_t most_holders = 100;

// One request looks at so many entries. If more are stale, as after another tool has deleted
// everything, it answers with what it has found; the index is refreshed meanwhile.
constexpr std::size_t most_entries = 5'000;

SearchFrom start_of(const Cursor& cursor) {
  if (cursor.state().empty()) return {};
  auto [query_state, hit] = storage::decode_position<std::string, std::string>(cursor.state());
  return {std::move(query_state), std::move(hit)};
}

template <class Answer>
Task<Answer> timed(Histogram& histogram, Task<Answer> question) {
  const Timer timer(histogram);
  auto answer = co_await std::move(question);
  co_return answer;
}

}  // namespace

std::string check_query(std::string_view query) { return check_text("query", query, query_length); }

std::vector<std::string> words_of_query(std::string_view query) {
  auto words = words_of(query);
  std::ranges::sort(words);
  const auto rest = std::ranges::unique(words);
  words.erase(rest.begin(), rest.end());
  return words;
}

Task<PageResult<Video>> Search::videos_for(const Context& context, std::string query, int page_size,
                                           std::string paging_state) {
  query = check_query(query);
  const std::size_t size = check_page_size(page_size);
  const Cursor cursor("SearchVideos " + query, std::nullopt, paging_state);
  auto from = start_of(cursor);
  PageResult<Video> page;
  AnswerRoom room;
  const auto words = words_of_query(query);
  std::string last_cursor;
  std::size_t looked_at = 0;
  // One more than is asked for tells whether there is a next page. The more stale
  // entries turn up, the more are looked at at once.
  for (std::size_t limit = size + 1;; limit = std::min<std::size_t>(2 * limit, largest_page)) {
    context.check_deadline();
    const auto found = co_await timed(metrics_.search, index_.search(context, words, from, limit));
    std::vector<IndexEntry> entries(found.hits.begin(), found.hits.end());
    auto rows = co_await rows_of(context, entries, [&](std::size_t, const Video& row) {
      return has_any_word(row, found.words);
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& row = rows[i];
      if (!row) continue;
      const bool full =
          page.rows.size() == size || !room.take({&row->name, &row->preview_image_location});
      if (full) {
        page.paging_state = cursor.token(storage::encode_position(found.query_state, last_cursor));
        co_return page;
      }
      page.rows.push_back(std::move(*row));
      last_cursor = found.hits[i].cursor;
    }
    if (found.hits.size() < limit) co_return page;
    looked_at += found.hits.size();
    if (looked_at >= most_entries) {
      page.paging_state =
          cursor.token(storage::encode_position(found.query_state, found.hits.back().cursor));
      co_return page;
    }
    from = {found.query_state, found.hits.back().cursor};
  }
}

Task<std::vector<std::string>> Search::completions(const Context& context, std::string query,
                                                   int page_size) {
  query = check_query(query);
  const std::size_t size = check_page_size(page_size);
  std::vector<std::string> completions;
  const auto typed = last_word_of(query);
  if (typed.empty()) co_return completions;
  std::optional<CompletionWord> after;
  std::size_t looked_at = 0;
  for (;;) {
    context.check_deadline();
    const std::size_t limit = size - completions.size();
    const auto known =
        co_await timed(metrics_.words, index_.completions(context, typed, after, limit));
    std::vector<IndexEntry> entries(known.begin(), known.end());
    const auto rows = co_await rows_of(context, entries, [&](std::size_t i, const Video& row) {
      return has_completion(row, known[i].word);
    });
    looked_at += entries.size();
    for (std::size_t i = 0; i < known.size() && looked_at < most_entries; ++i)
      if (rows[i] || co_await any_has(context, known[i].word, looked_at))
        completions.push_back(known[i].word.spelling);
    if (looked_at >= most_entries || known.size() < limit || completions.size() == size)
      co_return completions;
    after = known.back().word;
  }
}

// The rows of those entries whose video exists and, if it changed since it was indexed, still fits.
// Entries of videos that changed or are gone are refreshed.
Task<std::vector<std::optional<Video>>> Search::rows_of(const Context& context,
                                                        std::span<const IndexEntry> entries,
                                                        const StillFits& still_fits) {
  auto rows =
      co_await store_.get_many(context, videos, std::views::transform(entries, &IndexEntry::video));
  std::vector<VideoId> stale;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    if (row && fingerprint_of(*row) == entries[i].fingerprint) continue;
    stale.push_back(entries[i].video);
    metrics_.stale_entries.add();
    if (row && !still_fits(i, *row)) row.reset();
  }
  if (!stale.empty()) updater_.refresh_soon(stale);
  co_return rows;
}

Task<bool> Search::any_has(const Context& context, const CompletionWord& word,
                           std::size_t& looked_at) {
  const auto entries = co_await index_.videos_with(context, word, most_holders);
  looked_at += entries.size();
  const auto rows = co_await rows_of(
      context, entries, [&](std::size_t, const Video& row) { return has_completion(row, word); });
  co_return std::ranges::any_of(rows, [](const auto& row) { return row.has_value(); });
}

}  // namespace killrvideo
