#include "suggestions/leftovers.hpp"

#include "suggestions/rebuild.hpp"

namespace killrvideo {
namespace {

constexpr std::size_t most_known = 1'000;

}  // namespace

Task<void> Leftovers::met(Uuid a, Uuid b) {
  if (is_old(a, b)) co_await ask_for_rebuild(store_);
}

bool Leftovers::is_old(const Uuid& a, const Uuid& b) {
  const std::lock_guard lock(mutex_);
  const auto time = clock_();
  if (since_.size() >= most_known) since_.clear();
  const auto since = since_.try_emplace({a.bytes, b.bytes}, time).first->second;
  if (time - since < patience) return false;
  since_.clear();  // what a rebuild does not set right is as good as new
  return true;
}

}  // namespace killrvideo
