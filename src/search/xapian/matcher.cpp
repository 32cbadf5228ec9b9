#include "search/xapian/matcher.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace killrvideo::xapian_engine {
namespace {

bool is_before(const Match& a, const Match& b) { return a.is_before(b); }

// The index of the first number from `at` on that is not less than `wanted`. The steps get longer,
// since it is mostly near.
std::size_t find_from(const std::vector<Xapian::docid>& numbers, std::size_t at,
                      Xapian::docid wanted) {
  std::size_t step = 1;
  while (at + step < numbers.size() && numbers[at + step] < wanted) {
    at += step;
    step *= 2;
  }
  const auto first = numbers.begin();
  const auto end = std::min(at + step + 1, numbers.size());
  return static_cast<std::size_t>(std::lower_bound(first + static_cast<std::ptrdiff_t>(at),
                                                   first + static_cast<std::ptrdiff_t>(end),
                                                   wanted) -
                                  first);
}

}  // namespace

double Matcher::List::weight_of(Xapian::docid wanted) {
  at = find_from(postings->numbers, at, wanted);
  return !ended() && number() == wanted ? factor * postings->impacts[at] : 0;
}

void Matcher::add(PostingsPtr postings, double factor) {
  if (!postings->numbers.empty()) lists_.push_back({std::move(postings), factor});
}

std::vector<Match> Matcher::best() {
  if (limit_ == 0) return {};
  std::ranges::sort(lists_, {}, &List::most);
  most_.assign(1, 0);
  for (const List& list : lists_) most_.push_back(most_.back() + list.most());
  while (const auto begin = next_number()) {
    add_up(*begin);
    take_sums(*begin);
    skip_lists_that_cannot_matter();
  }
  std::ranges::sort_heap(best_, is_before);
  return std::move(best_);
}

// A document that weighs as much as the last of the best ones, but has a higher number, is better.
void Matcher::skip_lists_that_cannot_matter() {
  if (best_.size() < limit_) return;
  while (looked_into_ < lists_.size() && most_[looked_into_ + 1] < best_.front().weight)
    ++looked_into_;
}

std::optional<Xapian::docid> Matcher::next_number() const {
  std::optional<Xapian::docid> next;
  for (std::size_t i = looked_into_; i < lists_.size(); ++i)
    if (!lists_[i].ended() && (!next || lists_[i].number() < *next)) next = lists_[i].number();
  return next;
}

void Matcher::add_up(Xapian::docid begin) {
  for (std::size_t i = looked_into_; i < lists_.size(); ++i) {
    List& list = lists_[i];
    while (!list.ended() && list.number() - begin < window) {
      const std::size_t slot = list.number() - begin;
      sums_[slot] += list.take();
      found_[slot / 64] |= std::uint64_t{1} << slot % 64;
    }
  }
}

void Matcher::take_sums(Xapian::docid begin) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    for (auto& bits = found_[i]; bits != 0; bits &= bits - 1) {
      const std::size_t slot = 64 * i + static_cast<std::size_t>(std::countr_zero(bits));
      consider({std::exchange(sums_[slot], 0), begin + static_cast<Xapian::docid>(slot)});
    }
  }
}

void Matcher::consider(Match match) {
  const bool full = best_.size() == limit_;
  for (std::size_t i = looked_into_; i > 0; --i) {
    if (full && match.weight + most_[i] < best_.front().weight) return;
    match.weight += lists_[i - 1].weight_of(match.number);
  }
  if (after_ && !after_->is_before(match)) return;
  if (full) {
    if (!match.is_before(best_.front())) return;
    std::ranges::pop_heap(best_, is_before);
    best_.pop_back();
  }
  best_.push_back(match);
  std::ranges::push_heap(best_, is_before);
}

}  // namespace killrvideo::xapian_engine
