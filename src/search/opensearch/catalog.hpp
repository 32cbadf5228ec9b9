// The indexes of this format or others that there are in OpenSearch under a prefix, of which an
// alias names the one in use. An index is "PREFIX-videos-v<format>-<id>"; "PREFIX-write-<id>" is
// its name for writers, who ask for an alias so that nothing makes an index by writing to it.
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
  bool retired = false;  ///< another has taken its place, and it has no aliases any more
  Timestamp created;
};

/// Blocks; everything throws Error unavailable if OpenSearch does not answer, and internal if it
/// refuses.
class Catalog {
 public:
  /// Uses, but does not own, both.
  Catalog(Client& client, const Options& options) : client_(client), options_(options) {}

  /// The name of the index in use, for questions.
  std::string alias() const { return options_.prefix + "-videos"; }
  std::string name_of(const Uuid& id) const;
  std::string write_alias_of(const Uuid& id) const;

  std::vector<FoundIndex> list();
  void create(const Uuid& id);
  /// Makes what was written to it seen by questions.
  void refresh(const Uuid& id);
  void remove(const std::string& name);
  /// Has the alias name this one and retires those that were in use, as one change. They are not
  /// removed, as they may be answering questions.
  void switch_to(const Uuid& id, const std::vector<FoundIndex>& found);
  /// Retires one that is not in use.
  void retire(const std::string& name);
  /// How many videos the index in use has.
  std::uint64_t count();
  /// Carries out a bulk request, whose documents are seen by questions from then on if `seen`.
  void bulk(const std::string& body, bool seen);

 private:
  Answer ask(const char* method, const std::string& target, std::string body = {});
  void change_aliases(const boost::json::array& actions);

  Client& client_;
  const Options& options_;
};

}  // namespace killrvideo::opensearch
