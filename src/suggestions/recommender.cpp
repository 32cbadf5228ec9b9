#include "suggestions/recommender.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace killrvideo {
namespace {

constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t ratings_at_a_time = 32;
// Changed scores that are written together; Cassandra wants batches small.
constexpr std::size_t scores_at_a_time = 256;

}  // namespace

Recommender::Recommender(storage::Store& store)
    : store_(store), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

Recommender::~Recommender() = default;

Task<void> Recommender::rated(const Context&, VideoId video, UserId user) {
  auto initiate = [&](auto handler) {
    enqueue({video, user, [handler = std::move(handler)](std::exception_ptr error) mutable {
               std::move(handler)(error);
             }});
  };
  co_await asio::async_initiate<decltype(use_task), void(std::exception_ptr)>(initiate, use_task);
}

void Recommender::enqueue(Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < most_waiting) {
      queue_.push_back(std::move(waiting));
      wake_.notify_one();
      return;
    }
  }
  waiting.done(std::make_exception_ptr(
      Error(Code::resource_exhausted, "too many ratings wait for the recommender")));
}

void Recommender::exclusively(const std::function<void()>& work) {
  const std::lock_guard lock(changing_);
  struct Tell {
    ListVersions& versions;
    ~Tell() { versions.all_changed(); }
  } const tell{versions_};
  work();
}

void Recommender::loop(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [&] { return !queue_.empty(); })) return;
    }
    auto group = take_group();
    std::vector<std::exception_ptr> errors(group.size());
    if (const auto error = try_to_apply(group)) {
      // One that cannot be counted is not to stand in the others' way.
      for (std::size_t i = 0; i < group.size(); ++i)
        errors[i] = group.size() == 1 ? error : try_to_apply(std::span(group).subspan(i, 1));
    }
    for (std::size_t i = 0; i < group.size(); ++i) group[i].done(errors[i]);
  }
}

std::exception_ptr Recommender::try_to_apply(std::span<const Waiting> group) try {
  const std::lock_guard lock(changing_);
  apply(group);
  return {};
} catch (...) {
  versions_.all_changed();  // part of it may be written
  return std::current_exception();
}

// Of each user one rating: the next one begins where that has ended.
std::vector<Recommender::Waiting> Recommender::take_group() {
  const std::lock_guard lock(mutex_);
  std::vector<Waiting> group, rest;
  std::unordered_set<UserId, UuidHash> users;
  for (Waiting& waiting : queue_) {
    const bool now = group.size() < ratings_at_a_time && users.insert(waiting.user).second;
    (now ? group : rest).push_back(std::move(waiting));
  }
  queue_ = std::move(rest);
  return group;
}

void Recommender::apply(std::span<const Waiting> group) {
  std::optional<ScoreChanges> changes(std::in_place, store_);
  for (const Waiting& waiting : group) {
    changes->add(waiting.video, waiting.user);
    if (changes->size() < scores_at_a_time) continue;
    write(*changes);
    changes.emplace(store_);
  }
  write(*changes);
  for (const Waiting& waiting : group) versions_.changed(waiting.user);
}

void Recommender::write(ScoreChanges& changes) {
  changes.write();
  changes.each_video([&](const VideoId& video) { versions_.changed(video); });
}

}  // namespace killrvideo
