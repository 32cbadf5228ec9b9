// The indexes of one prefix in OpenSearch, of this format or others. An alias names the one in use.
// An index is "PREFIX-videos-v<format>-<id>". "PREFIX-write-<id>" is its alias for writers: they
// require an alias, so that no write creates an index by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/uuid.hpp"
#include "search/opensearch/client.hpp"

namespace killrvideo::opensearch {

struct FoundIndex {
  std::string name;
  std::optional<Uuid> id;  ///< nothing: of another format
  bool in_use = false;
  bool retired = false;  ///< another one is in use instead, and it has no aliases any more
  Timestamp created;
};

/// Blocks; everything throws Error unavailable if OpenSearch does not answer, and internal if it
/// refuses.
class IndexAdmin {
 public:
  /// Uses, but does not own, both.
  IndexAdmin(Client& client, const Options& options) : client_(client), options_(options) {}

  /// The name of the index in use, for questions.
  std::string alias() const { return options_.prefix + "-videos"; }
  std::string name_of(const Uuid& id) const;
  std::string write_alias_of(const Uuid& id) const;

  std::vector<FoundIndex> list();
  void create(const Uuid& id);
  /// Lets questions see what was written to it.
  void refresh(const Uuid& id);
  void remove(const std::string& name);
  /// Switches the alias to this one and retires those that were in use, as one change. They are not
  /// removed, since they may be answering questions.
  void switch_to(const Uuid& id, const std::vector<FoundIndex>& found);
  /// Retires one that is not in use.
  void retire(const std::string& name);
  /// How many videos the index in use has.
  std::uint64_t count();
  /// Sends a bulk request; if `seen`, questions see its documents when this returns.
  void bulk(const std::string& body, bool seen);

 private:
  Answer ask(const char* method, const std::string& target, std::string body = {});
  void change_aliases(const boost::json::array& actions);

  Client& client_;
  const Options& options_;
};

}  // namespace killrvideo::opensearch
