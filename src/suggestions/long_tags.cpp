#include "suggestions/long_tags.hpp"

#include <algorithm>

#include "suggestions/places.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {
namespace {

// How many videos a page looks at at a time, and at most.
constexpr std::size_t videos_looked_up = 50, most_looked_at = 5'000;

// A video, and its tag, of which it was the last one.
std::string place_at(const VideoId& video, const std::string& tag) {
  return write_place(PlaceKind::long_tag, video, tag);
}

}  // namespace

LongTags::LongTags(storage::Store& store, const Context& context, std::vector<std::string> tags,
                   std::string_view place)
    : store_(store), context_(context), tags_(std::move(tags)) {
  if (kind_of(place) != PlaceKind::long_tag) return;
  const auto [video, tag] = read_place<VideoId, std::string>(place);
  while (tag_ < tags_.size() && tags_[tag_] < tag) ++tag_;
  if (tag_ < tags_.size() && tags_[tag_] == tag) from_ = video;
}

Task<void> LongTags::offer_to(PageBuilder& page,
                              const std::function<bool(const VideoId&)>& left_out) {
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
        if (row.videoid != from_ && !left_out(row.videoid))
          candidates.push_back({row.videoid, place_at(row.videoid, tag)});
      co_await page.offer(std::move(candidates), [&](const Video& video) { return fits(video); });
      if (page.complete()) co_return;
      if (!some.rows.empty()) from_ = some.rows.back().videoid;
      if (more && from_ && looked_at >= most_looked_at) {
        page.break_off(place_at(*from_, tag));
        co_return;
      }
    }
  }
}

// It stands here under the first of the tags.
bool LongTags::fits(const Video& video) const {
  const auto has = [&](const std::string& tag) { return video.tags.contains(tag); };
  const auto first = std::ranges::find_if(tags_, has);
  return first == tags_.begin() + static_cast<std::ptrdiff_t>(tag_);
}

}  // namespace killrvideo
