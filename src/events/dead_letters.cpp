#include "events/dead_letters.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t letters_at_a_time = 500;

Task<void> settle(storage::Store& store, const Context& context, DeadLetterAction action,
                  DeadLetter dead) {
  storage::Batch batch;
  batch.remove(outbox_dead_letters, {dead.shard, dead.eventid});
  if (action == DeadLetterAction::resend)
    batch.insert(outbox_events, new_event(dead.key, std::move(dead.type), std::move(dead.payload),
                                          std::move(dead.trace)));
  co_await store.commit(context, std::move(batch));
}

Task<void> settle_one(storage::Store& store, const Context& context, DeadLetterAction action,
                      const TimeUuid& event) {
  for (std::int32_t shard = 0; shard < storage::queue_shards; ++shard) {
    auto dead = co_await store.get(context, outbox_dead_letters, {shard, event});
    if (dead) co_return co_await settle(store, context, action, std::move(*dead));
  }
  throw Error(Code::not_found, "there is no dead letter " + event.to_string());
}

}  // namespace

Task<storage::Slice<DeadLetter>> dead_letters(storage::Store& store, const Context& context,
                                              std::string state) {
  co_return co_await store.scan(context, outbox_dead_letters, std::move(state), letters_at_a_time);
}

Task<std::size_t> settle_dead_letters(storage::Store& store, const Context& context,
                                      DeadLetterAction action, std::optional<TimeUuid> event) {
  if (event) {
    co_await settle_one(store, context, action, *event);
    co_return 1;
  }
  // Dead letters that are resent and fail again get later ids: without this limit it might never
  // end.
  const Timestamp began = TimeUuid::now().timestamp();
  std::size_t count = 0;
  std::string state;
  do {
    auto page = co_await dead_letters(store, context, std::move(state));
    for (DeadLetter& dead : page.rows) {
      if (dead.eventid.timestamp() > began) continue;
      co_await settle(store, context, action, std::move(dead));
      ++count;
    }
    state = std::move(page.state);
  } while (!state.empty());
  co_return count;
}

}  // namespace killrvideo
