#include "suggestions/recommender.hpp"

#include <optional>

namespace killrvideo {
namespace {

constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t ratings_at_a_time = 32;
// Changed scores that are written together; Cassandra wants batches small.
constexpr std::size_t scores_at_a_time = 256;

}  // namespace

Recommender::Recommender(storage::Store& store)
    : store_(store),
      worker_(
          "ratings", {ratings_at_a_time, most_waiting},
          [](const Rating& rating) -> Uuid { return rating.user; },
          [this](std::span<const Rating> group) { try_to_apply(group); }) {}

Task<void> Recommender::rated(const Context&, VideoId video, UserId user) {
  co_await worker_.process({video, user});
}

void Recommender::exclusively(const std::function<void()>& work) {
  const std::lock_guard lock(changing_);
  struct Tell {
    ListVersions& versions;
    ~Tell() { versions.all_changed(); }
  } const tell{versions_};
  work();
}

void Recommender::try_to_apply(std::span<const Rating> group) try {
  const std::lock_guard lock(changing_);
  apply(group);
} catch (...) {
  versions_.all_changed();  // part of it may be written
  throw;
}

void Recommender::apply(std::span<const Rating> group) {
  std::optional<ScoreChanges> changes(std::in_place, store_);
  for (const Rating& rating : group) {
    changes->add(rating.video, rating.user);
    if (changes->size() < scores_at_a_time) continue;
    write(*changes);
    changes.emplace(store_);
  }
  write(*changes);
  for (const Rating& rating : group) versions_.changed(rating.user);
}

void Recommender::write(ScoreChanges& changes) {
  changes.write();
  changes.each_video([&](const VideoId& video) { versions_.changed(video); });
}

}  // namespace killrvideo
