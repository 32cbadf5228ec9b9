#include "driver_requests.hpp"

#include "catalog/tables.hpp"
#include "comments/tables.hpp"
#include "common/clock.hpp"
#include "common/concurrently.hpp"
#include "events/outbox.hpp"
#include "ratings/pending.hpp"
#include "statistics/tables.hpp"
#include "storage/claims.hpp"
#include "users/tables.hpp"

namespace killrvideo::bench {
namespace {

using namespace storage;
using namespace storage::cassandra;

template <class... T>
Values values(const T&... parts) {
  Values values;
  (append_value(values, parts), ...);
  return values;
}

Values joined(Values first, const Values& second) {
  first.append(second);
  return first;
}

// All columns of a row, its key first.
template <class Table>
Values all(const Table& table, const typename Table::Row& row) {
  return joined(table.key_of(row), table.values_of(row));
}

OutboxEvent event_about(const Uuid& key) {
  return new_event(key, "killrvideo.comments.events.UserCommentedOnVideo",
                   Blob{std::string(120, 'x')}, Trace::begin().to_string());
}

}  // namespace

const std::vector<std::pair<std::string_view, DriverRequests::Request>> DriverRequests::requests{
    {"get-video", &DriverRequests::get_video},
    {"video-comments", &DriverRequests::video_comments},
    {"record-playback", &DriverRequests::record_playback},
    {"comment-on-video", &DriverRequests::comment_on_video},
    {"rate-video", &DriverRequests::rate_video},
    {"create-user", &DriverRequests::create_user},
};

std::vector<std::string> DriverRequests::scenarios() {
  std::vector<std::string> names;
  names.reserve(requests.size());
  for (const auto& [name, request] : requests) names.emplace_back(name);
  return names;
}

DriverRequests::DriverRequests(Session& session, const std::string& keyspace, const KnownIds& ids,
                               std::uint64_t seed)
    : session_(session),
      ids_(ids),
      random_(seed),
      videos_(videos, keyspace),
      by_video_(comments_by_video, keyspace),
      by_user_(comments_by_user, keyspace),
      outbox_(outbox_events, keyspace),
      plays_(video_playback_stats, keyspace),
      ratings_(video_ratings, keyspace),
      ratings_by_user_(video_ratings_by_user, keyspace),
      ratings_pending_(ratings_pending, keyspace),
      users_(users, keyspace),
      credentials_(user_credentials, keyspace),
      claims_(claims, keyspace) {}

Task<void> DriverRequests::make(std::string_view scenario) {
  return (this->*std::ranges::find(requests, scenario, [](auto& r) { return r.first; })->second)();
}

Task<void> DriverRequests::get_video() { co_await read(videos_.get, values(any(ids_.videos))); }

Task<void> DriverRequests::video_comments() {
  constexpr std::int32_t rows = comments_per_page + 1;
  co_await read(by_video_.ranges(0, true).front().statement,
                values(any(ids_.commented_videos), rows));
}

Task<void> DriverRequests::record_playback() {
  co_await write(plays_.add, values(Counter{1}, any(ids_.videos)), false);
}

// Two looks whether it is there already, and a batch.
Task<void> DriverRequests::comment_on_video() {
  const VideoId video{any(ids_.videos)};
  const UserId user{any(ids_.users)};
  const CommentId id{TimeUuid::now()};
  const std::string text = "The second half is even better, and what a view over the harbour.";
  const CommentByVideo first{video, id, user, text, std::nullopt};
  const CommentByUser second{user, id, video, text, std::nullopt};
  co_await both(read(by_video_.get, comments_by_video.key_of(first)),
                read(by_user_.get, comments_by_user.key_of(second)));
  std::vector<BatchItem> items;
  items.push_back(co_await item(by_video_.insert, all(comments_by_video, first)));
  items.push_back(co_await item(by_user_.insert, all(comments_by_user, second)));
  items.push_back(co_await item(outbox_.insert, all(outbox_events, event_about(video))));
  co_await write_together(std::move(items));
}

// An announcement, the rating in place of the one before, the totals; then the event in place of
// the announcement.
Task<void> DriverRequests::rate_video() {
  const VideoId video{any(ids_.videos)};
  const UserId user{any(ids_.users)};
  const PendingRating pending = PendingRatings::announce(video, user, 4);
  const VideoRatingByUser rating{video, user, 4, pending.rating_date};
  co_await write(ratings_pending_.insert, all(ratings_pending, pending), true);
  const Values key = video_ratings_by_user.key_of(rating);
  const Result old = co_await read(ratings_by_user_.get, key);
  std::optional<std::int32_t> before;
  old.each_row(
      [&](std::span<const Cell> row) { before = video_ratings_by_user.row_of(row).rating; });
  if (before) {
    const auto column = video_ratings_by_user.columns_of<&VideoRatingByUser::rating>()[0];
    co_await write(ratings_by_user_.if_equal(storage::Mutation::Kind::update, column, {}),
                   joined(joined(video_ratings_by_user.values_of(rating), key), values(*before)),
                   false);
  } else {
    co_await write(ratings_by_user_.insert_if_absent, all(video_ratings_by_user, rating), false);
  }
  co_await write(ratings_.add,
                 values(Counter{before ? 0 : 1}, Counter{4 - before.value_or(0)}, Uuid(video)),
                 false);
  std::vector<BatchItem> items;
  items.push_back(co_await item(outbox_.insert, all(outbox_events, event_about(video))));
  items.push_back(co_await item(ratings_pending_.remove, ratings_pending.key_of(pending)));
  co_await write_together(std::move(items));
}

// The e-mail and the id are looked up and claimed; the account and its event; no claim any more.
Task<void> DriverRequests::create_user() {
  const UserId user{Uuid::random()};
  const std::string email = user.to_string() + "@example.com";
  const User row{user, "Ada", "Lovelace", email, now(), {}, {}};
  const UserCredentials credentials{email, std::string(97, 'x'), user, {}};
  const Claim claim{"user " + user.to_string(), {email}};
  co_await read(credentials_.get, user_credentials.key_of(credentials));
  co_await write(claims_.insert_if_absent, all(claims, claim), false);
  co_await read(users_.get, users.key_of(row));
  co_await write(credentials_.insert_if_absent, all(user_credentials, credentials), false);
  std::vector<BatchItem> items;
  items.push_back(co_await item(users_.insert, all(users, row)));
  items.push_back(co_await item(outbox_.insert, all(outbox_events, event_about(user))));
  co_await write_together(std::move(items));
  co_await write(claims_.remove, claims.key_of(claim), true);
}

Task<Result> DriverRequests::read(const LazyStatement& statement, Values values) {
  Result result = co_await write(statement, std::move(values), true);
  result.each_row([](std::span<const Cell>) {});
  co_return result;
}

Task<Result> DriverRequests::write(const LazyStatement& statement, Values values, bool repeatable) {
  const Statement* prepared = statement.if_prepared();
  if (prepared == nullptr) prepared = co_await statement.prepared(session_, context_);
  Result result =
      co_await session_.execute(context_, *prepared, std::move(values), {.idempotent = repeatable});
  co_return result;
}

Task<void> DriverRequests::write_together(std::vector<BatchItem> items) {
  co_await session_.batch(context_, BatchKind::logged, std::move(items), {.idempotent = true});
}

Task<BatchItem> DriverRequests::item(const LazyStatement& statement, Values values) {
  const Statement* prepared = co_await statement.prepared(session_, context_);
  co_return BatchItem{prepared, std::move(values)};
}

Uuid DriverRequests::any(const std::vector<std::string>& ids) {
  std::uniform_int_distribution<std::size_t> one(0, ids.size() - 1);
  return Uuid::parse(ids[one(random_)]).value();
}

}  // namespace killrvideo::bench
