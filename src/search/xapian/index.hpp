// The embedded search index: Xapian keeps it in a directory of this process.
#pragma once

#include <xapian.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "search/index.hpp"
#include "search/xapian/completions.hpp"
#include "search/xapian/posting_cache.hpp"
#include "search/xapian/readers.hpp"

namespace killrvideo::xapian_engine {

class Index : public SearchIndex {
 public:
  /// Indexes are kept in `directory`, each in one by its id. REQUIRES: nothing else is in there.
  explicit Index(std::filesystem::path directory) : directory_(std::move(directory)) {}

  bool open(const Uuid& id) override;
  void close() override;
  std::unique_ptr<IndexBuild> build(const Uuid& id) override;
  void apply(const IndexChanges& changes, std::span<const Uuid> begun) override;
  bool broken() const override { return broken_.load(); }
  bool is_open() const override { return readers_.in_use(); }

  Task<SearchHits> search(const Context& context, const std::vector<std::string>& words,
                          const SearchFrom& from, std::size_t limit) override;
  Task<std::vector<Completion>> completions(const Context& context, const std::string& beginning,
                                            const std::optional<CompletionWord>& after,
                                            std::size_t limit) override;
  Task<std::vector<IndexEntry>> videos_with(const Context& context, const CompletionWord& word,
                                            std::size_t limit) override;
  Task<std::vector<std::optional<IndexEntry>>> entries(const Context& context,
                                                       std::span<const VideoId> ids) override;
  std::uint64_t size() const override { return size_.load(std::memory_order_relaxed); }

 private:
  bool has_all(const IndexChanges& changes) const;
  void change(Xapian::WritableDatabase& writer, const IndexChanges& changes);
  void reopen_writer();
  /// Asks a reader; notes if the index is damaged.
  template <class Question>
  auto ask(Question&& question);

  const std::filesystem::path directory_;
  std::filesystem::path current_;
  std::optional<Xapian::WritableDatabase> writer_;
  Readers readers_;
  PostingCache posting_cache_ = make_posting_cache();
  CompletionCache completion_cache_ = make_completion_cache();
  std::atomic<bool> broken_{false};
  std::atomic<std::uint64_t> size_{0};
};

}  // namespace killrvideo::xapian_engine
