#include "search/xapian/nearest.hpp"

#include <algorithm>
#include <set>

#include "common/edit_distance.hpp"
#include "search/xapian/format.hpp"

namespace killrvideo::xapian_engine {
namespace {

// The first string after all that begin with `beginning`, whose last byte is one of UTF-8.
std::string after_all(std::string beginning) {
  beginning.back() = static_cast<char>(beginning.back() + 1);
  return beginning;
}

}  // namespace

std::vector<std::string> nearest_words(const Xapian::Database& database, std::string_view word,
                                       std::size_t most) {
  if (most == 0) return {};
  std::set<std::string> nearest;
  for (const Tier& tier : tiers) {
    EditWalk walk(word);
    const std::string prefix(tier.name);
    auto term = database.allterms_begin(prefix);
    const auto end = database.allterms_end(prefix);
    while (term != end) {
      const std::string found = *term;
      const auto known = std::string_view(found).substr(prefix.size());
      const auto [distance, dead] = walk.step(known, most);
      if (dead > 0) {
        term.skip_to(after_all(found.substr(0, prefix.size() + dead)));
        continue;
      }
      if (distance < most) nearest.clear();
      most = std::min(most, distance);
      if (distance == most) nearest.emplace(known);
      ++term;
    }
  }
  return {nearest.begin(), nearest.end()};
}

}  // namespace killrvideo::xapian_engine
