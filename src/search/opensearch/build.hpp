// An index that is being built in OpenSearch, in bulk requests of which one is under way while the
// next is gathered.
#pragma once

#include <functional>
#include <future>

#include "search/index.hpp"
#include "search/opensearch/index_admin.hpp"

namespace killrvideo::opensearch {

class Build : public IndexBuild {
 public:
  /// Uses, but does not own, the admin. What is added counts as read now: later changes by
  /// anybody win.
  Build(IndexAdmin& admin, const Uuid& id);
  ~Build() override;

  void add(const IndexedVideo& video) override;
  void finish() override;
  void apply(const IndexChanges& changes) override;
  void keep() override { kept_ = true; }

 private:
  void send();
  void await_sent();

  IndexAdmin& admin_;
  const Uuid id_;
  const Timestamp begun_;
  std::string gathered_;
  std::size_t videos_ = 0;
  std::future<void> sent_;
  bool finished_ = false;
  bool kept_ = false;
};

}  // namespace killrvideo::opensearch
