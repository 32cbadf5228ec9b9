#include "suggestions/shared_recommender.hpp"

#include "suggestions/id_bytes.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono_literals;
using recommender::events::RatingToCount;
using recommender::events::ScoresChanged;

constexpr auto look_interval = 1s;

}  // namespace

SharedRecommender::SharedRecommender(storage::Store& store, LikeCounter::Publish publish)
    : publish_(std::move(publish)),
      made_(store),
      counter_(store, made_, publish_),
      keeper_(store, made_),
      looks_(look_interval, [this] { made_.look(); }) {
  made_.look();
}

Task<void> SharedRecommender::rated(const Context& context, VideoId video, UserId user) {
  RatingToCount rating;
  rating.set_user_id(bytes_of(user));
  rating.set_video_id(bytes_of(video));
  co_await publish_(context, user, rating);
}

Task<void> SharedRecommender::count(const Context& context, const RatingToCount& rating) {
  co_await counter_.count(context, id_of<VideoId>(rating.video_id()),
                          id_of<UserId>(rating.user_id()));
}

Task<void> SharedRecommender::change(const Context&, const ScoresChanged& changed) {
  co_await keeper_.add(changed);
}

}  // namespace killrvideo
