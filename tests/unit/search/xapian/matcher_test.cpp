// The matcher against adding up everything.
#include "search/xapian/matcher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

namespace killrvideo::xapian_engine {
namespace {

struct Factored {
  std::map<Xapian::docid, std::uint8_t> impacts;
  double factor = 1;
};

// Some numbers stand close together, and some in windows far apart. There are few impacts, so that
// many documents weigh the same.
rc::Gen<Factored> list() {
  const auto number = rc::gen::oneOf(rc::gen::inRange<Xapian::docid>(1, 100),
                                     rc::gen::inRange<Xapian::docid>(1, 10'000),
                                     rc::gen::inRange<Xapian::docid>(4'294'960'000, 4'294'967'295));
  const auto impact = rc::gen::map(rc::gen::inRange(1, 6),
                                   [](int tens) { return static_cast<std::uint8_t>(40 * tens); });
  return rc::gen::build<Factored>(
      rc::gen::set(&Factored::impacts,
                   rc::gen::container<std::map<Xapian::docid, std::uint8_t>>(number, impact)),
      rc::gen::set(&Factored::factor, rc::gen::element(1.0 / 64, 0.5, 1.0, 16.0)));
}

PostingsPtr postings_of(const Factored& list) {
  auto postings = std::make_shared<Postings>();
  for (const auto& [number, impact] : list.impacts) {
    postings->numbers.push_back(number);
    postings->impacts.push_back(impact);
    postings->most_impact = std::max(postings->most_impact, impact);
  }
  return postings;
}

using Result = std::vector<std::pair<double, Xapian::docid>>;

Result added_up(const std::vector<Factored>& lists, std::size_t limit,
                const std::optional<Match>& after) {
  std::map<Xapian::docid, double> sums;
  for (const Factored& list : lists)
    for (const auto& [number, impact] : list.impacts) sums[number] += list.factor * impact;
  Result all;
  for (const auto& [number, weight] : sums)
    if (!after || after->is_before({weight, number})) all.emplace_back(weight, number);
  std::ranges::sort(all, std::greater());
  all.resize(std::min(all.size(), limit));
  return all;
}

Result matched(const std::vector<Factored>& lists, std::size_t limit,
               const std::optional<Match>& after) {
  Matcher matcher(limit, after);
  for (const Factored& list : lists) matcher.add(postings_of(list), list.factor);
  Result found;
  for (const Match& match : matcher.best()) found.emplace_back(match.weight, match.number);
  return found;
}

RC_GTEST_PROP(Matcher, FindsTheBestSums, ()) {
  const auto lists = *rc::gen::container<std::vector<Factored>>(list());
  const auto limit = *rc::gen::inRange<std::size_t>(0, 20);
  RC_ASSERT(matched(lists, limit, std::nullopt) == added_up(lists, limit, std::nullopt));
}

RC_GTEST_PROP(Matcher, GoesOnBehindAMatch, ()) {
  const auto lists = *rc::gen::container<std::vector<Factored>>(list());
  const auto all = added_up(lists, 10'000, std::nullopt);
  RC_PRE(!all.empty());
  const auto [weight, number] = *rc::gen::elementOf(all);
  const Match after{weight, number};
  const auto limit = *rc::gen::inRange<std::size_t>(1, 20);
  RC_ASSERT(matched(lists, limit, after) == added_up(lists, limit, after));
}

TEST(Matcher, FindsNothingInNothing) {
  EXPECT_TRUE(matched({}, 20, std::nullopt).empty());
  EXPECT_TRUE(matched({{}}, 20, std::nullopt).empty());
}

}  // namespace
}  // namespace killrvideo::xapian_engine
