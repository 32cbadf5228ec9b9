// A search index in OpenSearch, which all processes on a store share.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

#include "common/periodic.hpp"
#include "search/index.hpp"
#include "search/opensearch/catalog.hpp"
#include "search/opensearch/questions.hpp"

namespace killrvideo::opensearch {

/// Looks at OpenSearch every second. While it does not answer, questions are refused at once and
/// changes throw unavailable (problem() tells); an index that was opened counts as there until
/// OpenSearch says that it is not, and is broken() then.
class Index : public SearchIndex {
 public:
  /// Throws Error invalid_argument about a file of the options.
  explicit Index(Options options);

  bool open(const Uuid& id) override;
  void close() override;
  /// None also if OpenSearch does not answer.
  std::vector<Uuid> at_hand() const override;
  std::unique_ptr<IndexBuild> build(const Uuid& id) override;
  Task<void> apply(const Context& context, const IndexChanges& changes) override;
  bool broken() const override { return broken_; }
  bool is_open() const override { return open_; }
  bool is_elsewhere() const override { return true; }
  std::string problem() const override;

  Task<SearchHits> search(const Context& context, const std::vector<std::string>& words,
                          const SearchFrom& from, std::size_t limit) override;
  Task<std::vector<Completion>> completions(const Context& context, const std::string& beginning,
                                            const std::optional<CompletionWord>& after,
                                            std::size_t limit) override;
  Task<std::vector<IndexEntry>> videos_with(const Context& context, const CompletionWord& word,
                                            std::size_t limit) override;
  Task<std::vector<std::optional<IndexEntry>>> entries(const Context& context,
                                                       std::span<const VideoId> ids) override;
  std::uint64_t size() const override { return size_; }

 private:
  Questions questions(const Context& context);
  void look();
  void try_to_look();
  void take_into_use(const Uuid& id, const std::vector<FoundIndex>& found);
  void retire_if_replaced(const std::vector<FoundIndex>& found);
  void remove_others(const std::vector<FoundIndex>& found);
  void set_away(bool away, const char* why);

  const Options options_;
  mutable Client client_;
  mutable Catalog catalog_{client_, options_};
  RecentFrequencies recent_;

  std::mutex mutex_;                                                      // of who looks
  std::optional<Uuid> wanted_;                                            // to be taken into use
  std::optional<Uuid> taken_;                                             // by this process
  std::map<std::string, std::chrono::steady_clock::time_point> retired_;  // seen first
  std::atomic<bool> open_{false};
  std::atomic<bool> broken_{false};
  std::atomic<bool> away_{false};
  std::atomic<std::uint64_t> size_{0};
  Periodic looking_;
};

}  // namespace killrvideo::opensearch
