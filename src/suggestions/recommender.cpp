#include "suggestions/recommender.hpp"

namespace killrvideo {

using recommender::events::RatingToCount;
using recommender::events::ScoresChanged;

Recommender::Recommender(storage::Store& store, Options options)
    : shared_(options.publish),
      epoch_(store),
      scores_(store, epoch_, changes_),
      likes_(store, epoch_, changes_, publish_deltas(options)) {
  if (shared_) looks_.emplace(RebuildEpoch::look_interval, [this] { epoch_.look(); });
}

UserLikes::Publish Recommender::publish_deltas(const Options& options) {
  if (options.publish)
    return [this](const Context& context, const ScoresChanged& message) -> Task<void> {
      co_await shared_(context, Uuid::from<VideoId>(message.video_id()), message);
    };
  if (options.batches_appear_whole) return {};
  return [this](const Context&, const ScoresChanged& message) { return scores_.add(message); };
}

Task<void> Recommender::rated(const Context& context, VideoId video, UserId user) {
  if (!shared_) co_return co_await likes_.count(context, video, user);
  RatingToCount rating;
  rating.set_user_id(std::string(user.view()));
  rating.set_video_id(std::string(video.view()));
  co_await shared_(context, user, rating);
}

Task<void> Recommender::count(const Context& context, const RatingToCount& rating) {
  co_await likes_.count(context, Uuid::from<VideoId>(rating.video_id()),
                        Uuid::from<UserId>(rating.user_id()));
}

Task<void> Recommender::add(const Context&, const ScoresChanged& message) {
  co_await scores_.add(message);
}

void Recommender::exclusively(const std::function<void()>& work) {
  struct AllChanged {
    Recommender& recommender;
    ~AllChanged() {
      recommender.epoch_.look();
      recommender.changes_.all_changed();
    }
  };
  // In the order in which a rating that is counted here takes the locks.
  likes_.exclusively([&] {
    scores_.exclusively([&] {
      const AllChanged all_changed{*this};
      work();
    });
  });
}

}  // namespace killrvideo
