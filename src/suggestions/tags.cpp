#include "suggestions/tags.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "suggestions/tag_list.hpp"

namespace killrvideo {
namespace {

// A tag's rarity is this divided by the number of videos that have it.
constexpr std::int64_t rarity_of_a_single_one = 1'000'000'000;

// Finds the sum of a video. An open hash table of where they are: ids are random, and each of them
// is looked up for each of its tags.
class Places {
 public:
  /// For so many at most.
  explicit Places(std::size_t most)
      : slots_(std::bit_ceil(2 * most + 1)), mask_(slots_.size() - 1) {}

  /// The sum of the video, which is added if there is none.
  SharedTags& in(std::vector<SharedTags>& sums, const VideoId& video) {
    std::size_t hash = 0;
    std::memcpy(&hash, video.bytes.data() + sizeof(Uuid) - sizeof hash, sizeof hash);
    std::size_t at = hash & mask_;
    for (; slots_[at] != 0; at = (at + 1) & mask_)
      if (SharedTags& sum = sums[slots_[at] - 1U]; sum.video == video) return sum;
    sums.push_back({0, 0, video});
    slots_[at] = static_cast<std::uint32_t>(sums.size());
    return sums.back();
  }

 private:
  std::vector<std::uint32_t> slots_;  // the place plus one; 0: free
  std::size_t mask_;
};

}  // namespace

bool closer(const SharedTags& a, const SharedTags& b) {
  if (a.shared != b.shared) return a.shared > b.shared;
  if (a.rarity != b.rarity) return a.rarity > b.rarity;
  return a.video.bytes < b.video.bytes;
}

TagRelations::TagRelations(const VideoId& video,
                           std::span<const std::optional<TaggedVideos>> lists) {
  std::size_t most = 0;
  for (const auto& list : lists)
    if (list) most += EncodedTagList(list->newest).size();
  sums_.reserve(most);
  Places places(most);
  for (const auto& list : lists) {
    if (!list) continue;
    const EncodedTagList newest(list->newest);
    // A list from before totals were kept, or with videos that another tool has taken out.
    const auto total = std::max(list->total, static_cast<std::int64_t>(newest.size()));
    for (std::size_t i = 0; i < newest.size(); ++i) {
      const VideoId other = newest[i];
      if (other == video) continue;
      SharedTags& sum = places.in(sums_, other);
      ++sum.shared;
      sum.rarity += rarity_of_a_single_one / total;
    }
  }
}

void TagRelations::skip_to(const SharedTags& place) {
  const auto rest =
      std::ranges::partition(sums_, [&](const SharedTags& other) { return !closer(place, other); });
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

Task<TagRelations> tag_relations(storage::Store& store, const Context& context,
                                 const Video& video) {
  const std::vector<std::tuple<std::string>> keys(video.tags.begin(), video.tags.end());
  const auto lists = co_await store.get_many(context, suggestions_tags, std::span(keys));
  co_return TagRelations(video.videoid, lists);
}

std::int64_t count_shared_tags(const Video& a, const Video& b) {
  return std::ranges::count_if(a.tags, [&](const auto& tag) { return b.tags.contains(tag); });
}

}  // namespace killrvideo
