#include "search/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "common/error.hpp"
#include "search/impacts.hpp"
#include "search/words.hpp"
#include "storage/values.hpp"

namespace killrvideo {
namespace {

constexpr double rarities_per_unit = 1024;
constexpr double least_rarity = 0.1;  // so that a word that all videos have still counts

// What is looked for near a word is bounded.
constexpr std::size_t most_near = 16;

// Decoded plans are no larger than those that the longest query makes.
constexpr std::size_t most_words = 1'000;
constexpr char plan_version = 1;

std::uint16_t rarity(double videos, double having) {
  const double idf = std::log(1 + (videos - having + 0.5) / (having + 0.5));
  return static_cast<std::uint16_t>(std::lround(std::max(idf, least_rarity) * rarities_per_unit));
}

class Planner {
 public:
  explicit Planner(const Vocabulary& vocabulary)
      : vocabulary_(vocabulary), videos_(static_cast<double>(vocabulary.videos)) {}

  Plan plan(const std::vector<std::string>& words) {
    std::size_t corrected = 0;
    for (const auto& word : words) {
      const auto having = vocabulary_.frequency(word);
      if (having > 0) {
        exact_.push_back(planned(word, word, having));
      } else if (corrected++ < most_corrected) {
        add_near(word);
      }
    }
    Plan all = exact_;
    const auto downweight_shift = shift_of_near();
    for (auto& [word, near] : near_) {
      if (std::ranges::find(exact_, word, &PlannedWord::word) != exact_.end()) continue;
      near.downweight_shift = downweight_shift;
      all.push_back(std::move(near));
    }
    return all;
  }

 private:
  PlannedWord planned(const std::string& word, const std::string& typed,
                      std::uint64_t having) const {
    return {word, rarity(videos_, static_cast<double>(having)), 0, typed, having};
  }

  void add_near(const std::string& word) {
    std::vector<std::pair<std::uint64_t, std::string>> found;
    for (auto& near : vocabulary_.nearest(word, misspelling_distance(word)))
      found.emplace_back(vocabulary_.frequency(near), std::move(near));
    std::ranges::sort(found, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    if (found.size() > most_near) found.resize(most_near);
    for (const auto& [having, near] : found) near_.emplace(near, planned(near, word, having));
  }

  // So often that all near words together weigh less than any word as it was typed.
  std::uint8_t shift_of_near() const {
    if (exact_.empty() || near_.empty()) return 0;
    double most = 0;
    for (const auto& [word, near] : near_) most += static_cast<double>(near.rarity) * most_impact;
    const double rarest = std::ranges::min(exact_, {}, &PlannedWord::rarity).rarity;
    const double least = rarest * least_impact;
    return static_cast<std::uint8_t>(std::max(0.0, std::floor(std::log2(most / least)) + 1));
  }

  const Vocabulary& vocabulary_;
  const double videos_;
  Plan exact_;
  std::map<std::string, PlannedWord> near_;
};

[[noreturn]] void throw_malformed() { throw invalid("paging_state", "is not one of this search"); }

template <class Integer>
Integer take(std::string_view& bytes) {
  if (bytes.size() < sizeof(Integer)) throw_malformed();
  const auto value = storage::get_big_endian<Integer>(bytes.data());
  bytes.remove_prefix(sizeof(Integer));
  return value;
}

}  // namespace

Plan make_plan(const Vocabulary& vocabulary, const std::vector<std::string>& words) {
  return Planner(vocabulary).plan(words);
}

double weight_of(const PlannedWord& planned) {
  return std::ldexp(planned.rarity / rarities_per_unit, -planned.downweight_shift);
}

std::string encode(const Plan& plan) {
  std::string bytes(1, plan_version);
  for (const auto& planned : plan) {
    storage::put_big_endian(bytes, planned.rarity);
    storage::put_big_endian(bytes, planned.downweight_shift);
    storage::put_big_endian(bytes, static_cast<std::uint8_t>(planned.word.size()));
    bytes += planned.word;
  }
  return bytes;
}

Plan decode_plan(std::string_view bytes) {
  if (take<char>(bytes) != plan_version) throw_malformed();
  Plan plan;
  while (!bytes.empty()) {
    PlannedWord planned;
    planned.rarity = take<std::uint16_t>(bytes);
    planned.downweight_shift = take<std::uint8_t>(bytes);
    const std::size_t size = take<std::uint8_t>(bytes);
    if (size == 0 || bytes.size() < size || plan.size() == most_words) throw_malformed();
    planned.word = bytes.substr(0, size);
    bytes.remove_prefix(size);
    plan.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace killrvideo
