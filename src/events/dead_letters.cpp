#include "events/dead_letters.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t letters_at_a_time = 500;

}  // namespace

Task<std::vector<DeadLetter>> dead_letters(storage::Store& store, const Context& context) {
  std::vector<DeadLetter> letters;
  std::string state;
  do {
    auto page = co_await store.scan(context, outbox_dead_letters, state, letters_at_a_time);
    std::ranges::move(page.rows, std::back_inserter(letters));
    state = page.state;
  } while (!state.empty());
  co_return letters;
}

Task<std::size_t> settle_dead_letters(storage::Store& store, const Context& context,
                                      DeadLetterAction action, std::optional<TimeUuid> event) {
  auto letters = co_await dead_letters(store, context);
  if (event) std::erase_if(letters, [&](const DeadLetter& dead) { return dead.eventid != *event; });
  if (event && letters.empty())
    throw Error(Code::not_found, "there is no dead letter " + event->to_string());
  for (DeadLetter& dead : letters) {
    storage::Batch batch;
    batch.remove(outbox_dead_letters, {dead.shard, dead.eventid});
    if (action == DeadLetterAction::resend)
      batch.insert(outbox_events,
                   new_event(dead.key, std::move(dead.type), std::move(dead.payload)));
    co_await store.commit(context, std::move(batch));
  }
  co_return letters.size();
}

}  // namespace killrvideo
