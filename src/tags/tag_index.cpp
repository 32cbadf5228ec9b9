#include "tags/tag_index.hpp"

#include "storage/bulk.hpp"

namespace killrvideo {
namespace {

// Lists are written some at a time: Cassandra wants batches small.
constexpr std::size_t lists_at_a_time = 6;

// A video without a date is older than all others.
template <class Row>
Ranked entry_of(const Row& video) {
  return {video.added_date.value_or(Timestamp::min()).time_since_epoch().count(), video.videoid};
}

// Reads the whole partition: that is done once for each tag, when its first video is indexed, and
// by rebuilds.
Task<TaggedVideos> list_of_all(storage::Store& store, const Context& context,
                               const std::string& tag) {
  TagList list;
  TaggedVideos row{tag, {}, 0};
  const auto add = [&](const std::vector<VideoByTag>& some) {
    for (const VideoByTag& video : some) list.set(entry_of(video));
    row.total += std::ssize(some);
  };
  co_await storage::each_slice(store, context, videos_by_tag, {tag}, add);
  row.newest = list.encode();
  co_return row;
}

}  // namespace

VideoByTag tagged(const Video& video, const std::string& tag) {
  return {tag,
          video.videoid,
          video.added_date,
          video.userid,
          video.name,
          video.preview_image_location,
          video.added_date};
}

Task<void> TagIndex::index(const Context& context, VideoId id) {
  const auto video = co_await store_.get(context, videos, {id});
  if (!video || video->tags.empty()) co_return;
  // In the order of the tags, so that nobody waits for each other.
  std::vector<KeyedMutex<std::string>::Lock> locks;
  for (const std::string& tag : video->tags) locks.push_back(co_await changing_.lock(tag));

  const std::vector<std::string> tags(video->tags.begin(), video->tags.end());
  const auto key_of = [&](const std::string& tag) { return std::tuple(tag, id); };
  const auto known =
      co_await store_.get_many(context, videos_by_tag, std::views::transform(tags, key_of));
  const auto lists = co_await store_.get_many(context, suggestions_tags, tags);
  storage::Batch batch;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& stored = lists[i];
    TaggedVideos list;
    if (stored) {
      list = *stored;
    } else {
      list = co_await list_of_all(store_, context, tags[i]);
    }
    if (!known[i]) ++list.total;
    auto newest = TagList::decode(list.newest);
    if (newest.set(entry_of(*video))) list.newest = newest.encode();
    // The row and the list in one batch, so that the total counts each row once.
    batch.insert(videos_by_tag, tagged(*video, tags[i]));
    if (stored != list) batch.insert(suggestions_tags, list);
    if (i % lists_at_a_time == lists_at_a_time - 1)
      co_await store_.commit(context, std::exchange(batch, {}));
  }
  co_await store_.commit(context, std::move(batch));
}

Task<void> TagIndex::make_list(const Context& context, std::string tag) {
  const auto lock = co_await changing_.lock(tag);
  const auto stored = co_await store_.get(context, suggestions_tags, {tag});
  const auto list = co_await list_of_all(store_, context, tag);
  if (stored == list) co_return;
  storage::Batch batch;
  if (list.total > 0) {
    batch.insert(suggestions_tags, list);
  } else if (stored) {
    batch.remove(suggestions_tags, {tag});
  }
  co_await store_.commit(context, std::move(batch));
}

}  // namespace killrvideo
