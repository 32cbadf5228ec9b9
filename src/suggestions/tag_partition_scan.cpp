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

Task<void> offer_tag_partitions(PageBuilder& page, storage::Store& store, const Context& context,
                                const storage::TextSet& tags, std::string_view position,
                                const std::function<bool(const VideoId&)>& offered) {
  auto tag = tags.begin();
  std::optional<VideoId> from;  // the last one of this tag that was looked at
  if (part_of(position) == ListPart::tag_partitions) {
    const auto [video, last_tag] = columns_of<VideoId, std::string>(position);
    tag = tags.lower_bound(last_tag);
    if (tag != tags.end() && *tag == last_tag) from = video;
  }
  // It is offered for the first of the tags that it has.
  const auto fits = [&](const Video& video) {
    const auto has = [&](const std::string& each) { return video.tags.contains(each); };
    return std::ranges::find_if(tags, has) == tag;
  };
  std::size_t looked_at = 0;
  for (; tag != tags.end(); ++tag, from.reset()) {
    for (bool more = true; more;) {
      storage::SliceQuery<std::tuple<VideoId>> wanted{.size = videos_looked_up};
      if (from) wanted.from = std::tuple(*from);
      const auto some = co_await store.slice(context, videos_by_tag, {*tag}, std::move(wanted));
      more = !some.state.empty();
      looked_at += some.rows.size();
      std::vector<PageBuilder::Candidate> candidates;
      for (const VideoByTag& row : some.rows)
        if (row.videoid != from && !offered(row.videoid))
          candidates.push_back({row.videoid, position_at(row.videoid, *tag)});
      co_await page.offer(std::move(candidates), fits);
      if (page.complete()) co_return;
      if (!some.rows.empty()) from = some.rows.back().videoid;
      if (more && from && looked_at >= most_looked_at) {
        page.continue_later(position_at(*from, *tag));
        co_return;
      }
    }
  }
}

}  // namespace killrvideo
