#include "suggestions/tag_partition_scan.hpp"

#include <algorithm>

#include "suggestions/list_position.hpp"
#include "tags/tables.hpp"

namespace killrvideo {
namespace {

// How many videos a page looks at at a time, and at most.
constexpr std::size_t videos_looked_up = 50, most_looked_at = 5'000;

// After a video of a tag.
std::string position_at(const VideoId& video, const std::string& tag) {
  return position_in(ListPart::tag_partitions, video, tag);
}

}  // namespace

TagPartitionScan::TagPartitionScan(storage::Store& store, const Context& context,
                                   std::vector<std::string> tags, std::string_view position)
    : store_(store), context_(context), tags_(std::move(tags)) {
  if (part_of(position) != ListPart::tag_partitions) return;
  const auto [video, tag] = columns_of<VideoId, std::string>(position);
  while (tag_ < tags_.size() && tags_[tag_] < tag) ++tag_;
  if (tag_ < tags_.size() && tags_[tag_] == tag) from_ = video;
}

Task<void> TagPartitionScan::offer_to(PageBuilder& page,
                                      const std::function<bool(const VideoId&)>& offered) {
  std::size_t looked_at = 0;
  for (; tag_ < tags_.size(); ++tag_, from_.reset()) {
    const std::string& tag = tags_[tag_];
    for (bool more = true; more;) {
      storage::SliceQuery<std::tuple<VideoId>> wanted{.size = videos_looked_up};
      if (from_) wanted.from = std::tuple(*from_);
      const auto some = co_await store_.slice(context_, videos_by_tag, {tag}, std::move(wanted));
      more = !some.state.empty();
      looked_at += some.rows.size();
      std::vector<PageBuilder::Candidate> candidates;
      for (const VideoByTag& row : some.rows)
        if (row.videoid != from_ && !offered(row.videoid))
          candidates.push_back({row.videoid, position_at(row.videoid, tag)});
      co_await page.offer(std::move(candidates), [&](const Video& video) { return fits(video); });
      if (page.complete()) co_return;
      if (!some.rows.empty()) from_ = some.rows.back().videoid;
      if (more && from_ && looked_at >= most_looked_at) {
        page.continue_later(position_at(*from_, tag));
        co_return;
      }
    }
  }
}

// It is offered for the first of the tags that it has.
bool TagPartitionScan::fits(const Video& video) const {
  const auto has = [&](const std::string& tag) { return video.tags.contains(tag); };
  const auto first = std::ranges::find_if(tags_, has);
  return first == tags_.begin() + static_cast<std::ptrdiff_t>(tag_);
}

}  // namespace killrvideo
