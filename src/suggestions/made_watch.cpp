#include "suggestions/made_watch.hpp"

#include "common/log.hpp"
#include "suggestions/rebuild.hpp"

namespace killrvideo {

void MadeWatch::look() try {
  const auto since = clock_();
  const auto made = suggestions_made_at(store_, Counting::by_partitions);
  const std::lock_guard lock(mutex_);
  made_at_ = made;
  valid_until_ = since + valid;
} catch (const std::exception& error) {
  log::debug("cannot tell whether the recommendations are complete", {{"error", error.what()}});
}

std::optional<Timestamp> MadeWatch::made_at() const {
  const std::lock_guard lock(mutex_);
  return clock_() < valid_until_ ? made_at_ : std::nullopt;
}

Timestamp MadeWatch::when_made() const {
  if (const auto made = made_at()) return *made;
  throw Error(Code::unavailable, "the recommendations are being made anew");
}

}  // namespace killrvideo
