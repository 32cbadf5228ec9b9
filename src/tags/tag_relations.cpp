#include "tags/tag_relations.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>

namespace killrvideo {
namespace {

// A tag's rarity is this divided by the number of videos that have it.
constexpr std::int64_t rarity_of_a_single_one = 1'000'000'000;

// Ids are random, and each of them is looked up for each of its tags.
struct LastBytes {
  using is_avalanching = void;
  std::size_t operator()(const VideoId& video) const noexcept {
    std::size_t hash = 0;
    std::memcpy(&hash, video.bytes.data() + sizeof(Uuid) - sizeof hash, sizeof hash);
    return hash;
  }
};

// More shared tags stand before fewer, of as many rarer ones, then by id.
bool closer(const SharedTags& a, const SharedTags& b) {
  if (a.shared != b.shared) return a.shared > b.shared;
  if (a.rarity != b.rarity) return a.rarity > b.rarity;
  return a.video.bytes < b.video.bytes;
}

}  // namespace

TagRelations::TagRelations(const VideoId& video,
                           std::span<const std::optional<TaggedVideos>> lists) {
  const std::size_t most = lists.size() * TagList::most;
  sums_.reserve(most);
  boost::unordered_flat_map<VideoId, std::size_t, LastBytes> indexes(most);
  for (const auto& list : lists) {
    if (!list) continue;
    const EncodedRankedList newest(list->newest);
    // A list from before totals were kept, or with videos that another tool has taken out.
    const auto total = std::max(list->total, static_cast<std::int64_t>(newest.size()));
    for (std::size_t i = 0; i < newest.size(); ++i) {
      const VideoId other = newest[i].video;
      if (other == video) continue;
      const auto [known, is_new] = indexes.try_emplace(other, sums_.size());
      if (is_new) sums_.push_back({0, 0, other});
      SharedTags& sum = sums_[known->second];
      ++sum.shared;
      sum.rarity += rarity_of_a_single_one / total;
    }
  }
}

void TagRelations::skip_to(const SharedTags& position) {
  const auto rest = std::ranges::partition(
      sums_, [&](const SharedTags& other) { return !closer(position, other); });
  taken_ = sums_.size() - rest.size();
}

std::span<const SharedTags> TagRelations::next(std::size_t count) {
  const auto begin = sums_.begin() + static_cast<std::ptrdiff_t>(taken_);
  // As many as there were before, so that to take all costs little more than to sort them.
  count = std::min(std::max(count, taken_), sums_.size() - taken_);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  if (end != sums_.end()) std::ranges::nth_element(begin, end, sums_.end(), closer);
  std::ranges::sort(begin, end, closer);
  taken_ += count;
  return {begin, end};
}

std::int64_t count_shared_tags(const Video& a, const Video& b) {
  return std::ranges::count_if(a.tags, [&](const auto& tag) { return b.tags.contains(tag); });
}

}  // namespace killrvideo
