#include "suggestions/rebuild_epoch.hpp"

#include "common/clock.hpp"
#include "common/log.hpp"
#include "common/time_limits.hpp"
#include "suggestions/tables.hpp"

namespace killrvideo {
namespace {

constexpr auto of_all_suggestions = "all";

}  // namespace

std::optional<Timestamp> current_epoch(storage::Store& store) {
  const auto row = run(store.get({}, suggestions_epoch, {of_all_suggestions}));
  return row ? row->epoch : std::nullopt;
}

bool was_ever_rebuilt(storage::Store& store) {
  return run(store.get({}, suggestions_epoch, {of_all_suggestions})).has_value();
}

Task<void> ask_for_rebuild(storage::Store& store) {
  const auto row = co_await store.get({}, suggestions_epoch, {of_all_suggestions});
  if (!row || !row->epoch) co_return;
  co_await store.commit(
      {}, storage::Batch().insert(suggestions_epoch, {of_all_suggestions, std::nullopt}));
}

void begin_epoch(storage::Store& store) {
  run(store.commit({}, storage::Batch().insert(suggestions_epoch, {of_all_suggestions, now()})));
}

void RebuildEpoch::look() try {
  const auto since = clock_();
  const auto epoch = current_epoch(store_);
  const std::lock_guard lock(mutex_);
  epoch_ = epoch;
  looked_at_ = since;
} catch (const std::exception& error) {
  log::debug("cannot read the epoch of the recommendations", {{"error", error.what()}});
}

std::optional<Timestamp> RebuildEpoch::known() const {
  const std::lock_guard lock(mutex_);
  return epoch_ && clock_() - looked_at_ < time_limits::epoch_valid ? epoch_ : std::nullopt;
}

Timestamp RebuildEpoch::require() {
  const bool recent = [&] {
    const std::lock_guard lock(mutex_);
    return epoch_ && clock_() - looked_at_ < look_interval;
  }();
  if (!recent) look();
  if (const auto epoch = known()) return *epoch;
  throw Error(Code::unavailable, "the recommendations are being rebuilt");
}

}  // namespace killrvideo
