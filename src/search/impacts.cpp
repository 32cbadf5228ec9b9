#include "search/impacts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/error.hpp"
#include "search/words.hpp"

namespace killrvideo {
namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.3;
constexpr double longest = 4;  // times the usual length

struct Field {
  std::string_view name;
  std::vector<std::string> IndexedVideo::* words;
  double boost;
  double usual_length;
  const Tier& tier;
  bool distinct;  // each word counts once, in however many tags it is
};
constexpr std::array<Field, 3> fields{
    {{"name", &IndexedVideo::name, 4, 6, in_name, false},
     {"tags", &IndexedVideo::tags, 2, 5, other_fields, true},
     {"description", &IndexedVideo::description, 1, 40, other_fields, false}}};

struct Posting {
  const Tier* tier;
  double impact = 0;
};
using Postings = std::unordered_map<std::string_view, Posting>;

using Counts = std::unordered_map<std::string_view, std::size_t>;

Counts count_words(const Field& field, const IndexedVideo& video) {
  Counts counts;
  for (const auto& word : video.*field.words) ++counts[word];
  return counts;
}

// What a word adds that is there `times` times; `counts` has all words of the field.
FieldImpact impact_in(const Field& field, const IndexedVideo& video, const Counts& counts,
                      std::size_t times) {
  const auto count = field.distinct ? 1 : times;
  const auto length = field.distinct ? counts.size() : (video.*field.words).size();
  return {field.name, field.boost, count, length,
          frequency_factor(count, length, field.usual_length)};
}

// Fields come in the order of their tiers: the first one that has a word decides.
void add_words(Postings& postings, const Field& field, const IndexedVideo& video) {
  const auto counts = count_words(field, video);
  for (const auto& [word, times] : counts) {
    auto& posting = postings.try_emplace(word, Posting{&field.tier}).first->second;
    posting.impact += impact_in(field, video, counts, times).impact();
  }
}

std::uint32_t in_units(const Posting& posting) {
  const auto units = std::lround(posting.impact / posting.tier->unit);
  return std::min(static_cast<std::uint32_t>(units), most_units);
}

}  // namespace

double frequency_factor(std::size_t count, std::size_t length, double usual) {
  const auto frequency = static_cast<double>(count);
  const double relative = std::min(static_cast<double>(length) / usual, longest);
  return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * relative));
}

std::unordered_map<std::string_view, WordImpact> impacts_of(const IndexedVideo& video) {
  Postings postings;
  for (const Field& field : fields) add_words(postings, field, video);
  std::unordered_map<std::string_view, WordImpact> impacts;
  for (const auto& [word, posting] : postings) {
    // Engines would only find out when they have begun to change their index.
    if (word.size() > most_word_bytes) throw Error(Code::internal, "a word is too long to index");
    impacts.emplace(word, WordImpact{posting.tier, in_units(posting)});
  }
  return impacts;
}

std::vector<FieldImpact> field_impacts_of(const IndexedVideo& video, std::string_view word) {
  std::vector<FieldImpact> impacts;
  for (const Field& field : fields) {
    const auto counts = count_words(field, video);
    const auto found = counts.find(word);
    if (found != counts.end()) impacts.push_back(impact_in(field, video, counts, found->second));
  }
  return impacts;
}

}  // namespace killrvideo
