// A search index in OpenSearch, which all processes on a store share.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

#include "common/periodic.hpp"
#include "search/index.hpp"
#include "search/opensearch/index_admin.hpp"
#include "search/opensearch/questions.hpp"

namespace killrvideo::opensearch {

/// Looks at OpenSearch every second. While it does not answer, questions are refused at once and
/// changes throw unavailable, and why_unavailable() says so. An index that was opened counts as
/// open until OpenSearch answers that it does not exist; then it is broken().
class Index : public SearchIndex {
 public:
  /// Throws Error invalid_argument about a file of the options.
  explicit Index(Options options);

  bool open(const Uuid& id) override;
  void close() override;
  std::unique_ptr<IndexBuild> build(const Uuid& id) override;
  void apply(const IndexChanges& changes, std::span<const Uuid> begun) override;
  bool broken() const override { return broken_; }
  bool is_open() const override { return open_; }
  bool is_remote() const override { return true; }
  std::string why_unavailable() const override;

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
  void use(const Uuid& id, const std::vector<FoundIndex>& found);
  void set_in_use(std::optional<Uuid> id);
  void retire_if_replaced(const std::vector<FoundIndex>& found);
  void remove_others(const std::vector<FoundIndex>& found);
  void set_away(bool away, const char* why);

  const Options options_;
  Client client_;
  IndexAdmin admin_{client_, options_};
  DocumentFrequencyCache document_frequency_cache_;

  std::mutex mutex_;            // held by a look
  std::optional<Uuid> wanted_;  // the alias shall name it
  std::optional<Uuid> own_;     // the last one that the alias named since this process wanted it
  std::map<std::string, std::chrono::steady_clock::time_point> retired_;  // seen first
  mutable std::mutex in_use_mutex_;
  std::optional<Uuid> in_use_;  // the one that the alias named when it was last looked at
  std::atomic<bool> open_{false};
  std::atomic<bool> broken_{false};
  std::atomic<bool> away_{false};
  std::atomic<std::uint64_t> size_{0};
  Periodic looking_;
};

}  // namespace killrvideo::opensearch
