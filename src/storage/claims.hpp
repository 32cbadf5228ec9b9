// Short-lived claims on a name, so that of several writers who are about to create the same thing
// exactly one does.
//
// Creating something takes: a claim, a look whether it is there already, one batch that writes it,
// and the release of the claim. The release is a step of its own: others see the parts of a batch
// one by one on Cassandra, and whoever finds no claim has to see what was written under it. The
// claim of a writer that died passes away by itself, and who finds it waits for that: what was to
// be created may be there then, or not.
//
// A claim is released on the condition that it is still the same. That is also how it was made, so
// that on Cassandra servers give both their times: by clocks of processes, a release could hide the
// claim after it.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "common/clock.hpp"
#include "common/log.hpp"
#include "common/sleep.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

struct Claim {
  std::string name;  ///< of what is being created, e.g. "video <id>"
  Blob content;      ///< what it is to be; says whether two attempts want the same
  Uuid attempt = Uuid::random();
  Timestamp made = now();
};
BOOST_DESCRIBE_STRUCT(Claim, (), (name, content, attempt, made))

inline constexpr std::chrono::seconds claim_lifetime{30};
/// What is done under a claim has to be done by then, well before somebody else may have it.
inline constexpr std::chrono::seconds claim_use = claim_lifetime / 2;
inline const Table<Claim, Partition<&Claim::name>> claims{"claims", claim_lifetime};

/// Makes the claim unless there is one of that name; returns the one in force.
inline Task<Claim> make_claim(Store& store, const Context& context, Claim wanted) {
  auto existing = co_await store.insert_if_absent(context, claims, wanted);
  co_return existing ? std::move(*existing) : std::move(wanted);
}

/// If the store cannot do it now, the claim is left to pass away: what was done under it is done.
inline Task<void> release_claim(Store& store, const Context& context, const Claim& claim) {
  // Also for a caller who has stopped waiting.
  const Context shortly(context.request_id(),
                        std::chrono::system_clock::now() + std::chrono::seconds(5));
  try {
    co_await store.remove_if<&Claim::attempt>(shortly, claims, {claim.name}, claim.attempt);
  } catch (const Error& error) {
    log::warn("a claim stays until its time is over",
              {{"claim", claim.name}, {"error", error.what()}});
  }
}

/// A claim and when its use ends.
struct HeldClaim {
  Claim claim;
  std::chrono::steady_clock::time_point end;
};

/// Whether those who want the same may act under one claim: they then have to write the same rows.
enum class SameContent : std::uint8_t { waits, shares };

/// Makes the claim, as soon as nobody else has it. Throws unavailable if the caller's deadline
/// comes first, or if it takes longer than a claim lives.
inline Task<HeldClaim> wait_for_claim(Store& store, const Context& context, Claim wanted,
                                      SameContent same) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds look_interval{50};
  constexpr std::chrono::milliseconds time_to_answer{500};
  const auto patience = Clock::now() + claim_lifetime + std::chrono::seconds(5);
  for (;;) {
    const auto begin = Clock::now();
    const Claim claim = co_await make_claim(store, context, wanted);
    if (claim.attempt == wanted.attempt) co_return HeldClaim{claim, begin + claim_use};
    const auto age = std::max(now() - claim.made, std::chrono::milliseconds{0});
    if (same == SameContent::shares && claim.content == wanted.content && age < claim_use)
      co_return HeldClaim{claim, begin + claim_use - age};
    std::optional<Claim> others = claim;
    while (others && others->attempt == claim.attempt) {
      if (Clock::now() > patience ||
          context.deadline() - std::chrono::system_clock::now() <= time_to_answer)
        throw Error(Code::unavailable,
                    "another request is creating " + wanted.name + ", or has died; try again");
      co_await sleep_for(look_interval);
      others = co_await store.get(context, claims, {wanted.name});
    }
  }
}

/// Commits what was decided under a claim. Throws unavailable if that took so long that somebody
/// else may have the claim by the time when it is done; nothing is written then.
inline Task<void> commit_under(Store& store, const Context& context, const HeldClaim& held,
                               Batch batch) {
  const auto left =
      std::chrono::floor<std::chrono::milliseconds>(held.end - std::chrono::steady_clock::now());
  if (left.count() <= 0)
    throw Error(Code::unavailable, "creating " + held.claim.name + " took too long; try again");
  const Context in_time(context.request_id(),
                        std::min(context.deadline(), std::chrono::system_clock::now() + left));
  try {
    co_await store.commit(in_time, std::move(batch));
  } catch (const Error& error) {
    const bool callers = in_time.deadline() == context.deadline();
    if (error.code() != Code::deadline_exceeded || callers) throw;
    throw Error(Code::unavailable, "creating " + held.claim.name +
                                       " takes too long; it may or may not have been done");
  }
}

/// Commits the batch that decide(claim) returns, while nobody else acts under a claim of that name.
/// What it throws is thrown on, and nothing is written.
template <class Decide>
Task<void> create_under_claim(Store& store, const Context& context, Claim wanted, SameContent same,
                              Decide decide) {
  const HeldClaim held = co_await wait_for_claim(store, context, std::move(wanted), same);
  std::exception_ptr refusal;
  Batch batch;
  try {
    batch = co_await decide(held.claim);
  } catch (...) {
    refusal = std::current_exception();
  }
  // If this fails it may happen later: others then have to wait until the claim has passed away.
  if (!refusal) co_await commit_under(store, context, held, std::move(batch));
  co_await release_claim(store, context, held.claim);
  if (refusal) std::rethrow_exception(refusal);
}

/// Drops the claims that a crash left. REQUIRES: no process is using the store.
inline Task<void> drop_all_claims(Store& store, const Context& context) {
  for (;;) {
    auto page = co_await store.scan(context, claims, {}, 1'000);
    if (page.rows.empty()) co_return;
    Batch batch;
    for (const Claim& claim : page.rows) batch.remove(claims, {claim.name});
    co_await store.commit(context, std::move(batch));
  }
}

}  // namespace killrvideo::storage
