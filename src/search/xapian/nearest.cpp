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

class Nearest {
 public:
  Nearest(std::string_view word, std::size_t most) : word_(word), most_(most) {}

  void look_in(const Xapian::Database& database, const Tier& tier) {
    EditWalk walk(word_);
    const std::string prefix(tier.name);
    auto term = database.allterms_begin(prefix);
    const auto end = database.allterms_end(prefix);
    while (term != end) {
      const std::string found = *term;
      const auto known = std::string_view(found).substr(prefix.size());
      const auto [distance, dead] = walk.step(known, most_);
      if (dead > 0) {
        term.skip_to(after_all(found.substr(0, prefix.size() + dead)));
        continue;
      }
      if (distance <= most_) take(known, distance);
      ++term;
    }
  }

  std::vector<std::string> words() const { return {words_.begin(), words_.end()}; }

 private:
  void take(std::string_view known, std::size_t distance) {
    if (distance < most_) words_.clear();
    most_ = distance;
    words_.emplace(known);
  }

  const std::string_view word_;
  std::size_t most_;
  std::set<std::string> words_;
};

}  // namespace

std::vector<std::string> nearest_words(const Xapian::Database& database, std::string_view word,
                                       std::size_t most) {
  if (most == 0) return {};
  Nearest nearest(word, most);
  for (const Tier& tier : tiers) nearest.look_in(database, tier);
  return nearest.words();
}

}  // namespace killrvideo::xapian_engine
