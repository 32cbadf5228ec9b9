#include "search/index_retry_queue.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t at_a_time = 500;

}  // namespace

void IndexRetryQueue::add(std::span<const VideoId> ids) {
  storage::Batch batch;
  for (const VideoId& id : ids) batch.insert(search_retry_queue, {kind_, TimeUuid::now(), id});
  run(store_.commit({}, std::move(batch)));
}

// A video that is added again meanwhile has another row, which stays.
std::size_t IndexRetryQueue::drain(const std::function<bool(std::span<const VideoId>)>& refresh) {
  std::size_t count = 0;
  std::string state;
  do {
    auto page = run(store_.slice(
        {}, search_retry_queue, {kind_},
        storage::SliceQuery<std::tuple<>>{.size = at_a_time, .state = std::move(state)}));
    std::vector<VideoId> ids;
    storage::Batch done;
    for (const IndexRetry& retry : page.rows) {
      ids.push_back(retry.videoid);
      done.remove(search_retry_queue, {kind_, retry.retryid});
    }
    if (ids.empty() || !refresh(ids)) break;
    run(store_.commit({}, std::move(done)));
    count += ids.size();
    state = std::move(page.state);
  } while (!state.empty());
  return count;
}

}  // namespace killrvideo
