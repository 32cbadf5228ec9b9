// Short-lived claims on a name: if several writers are about to create the same thing, exactly one
// does.
//
// To create something, a writer makes a claim, checks that the thing does not exist, writes it in
// one batch, and releases the claim. The release is a separate step: on Cassandra the rows of a
// batch become visible one by one, and a writer that finds no claim must see all that was written
// under it. The claim of a writer that died expires. Others wait for that, and then check again
// whether the thing exists.
//
// A claim is made and released by conditional writes. So on Cassandra the servers assign both
// timestamps; with timestamps of processes, a release could delete the next claim.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/describe.hpp>
#include <string>

#include "common/clock.hpp"
#include "common/log.hpp"
#include "common/time_limits.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

struct Claim {
  std::string name;  ///< what is being created, e.g. "video <id>"
  Blob content;      ///< its content: tells whether two attempts want the same
  Uuid attempt = Uuid::random();
  Timestamp made = now();
};
BOOST_DESCRIBE_STRUCT(Claim, (), (name, content, attempt, made))

using time_limits::claim_lifetime, time_limits::claim_use;
inline const Table<Claim, Partition<&Claim::name>> claims{"claims", claim_lifetime};

/// Makes the claim unless one of that name exists; returns the one that exists then.
inline Task<Claim> make_claim(Store& store, const Context& context, Claim wanted) {
  auto existing = co_await store.insert_if_absent(context, claims, wanted);
  co_return existing ? std::move(*existing) : std::move(wanted);
}

/// If the store fails, the claim is left to expire; what was written under it stays.
inline Task<void> release_claim(Store& store, const Context& context, const Claim& claim) {
  // Has its own deadline: the claim must be released even if the caller has stopped waiting.
  const Context shortly(context.request_id(),
                        std::chrono::system_clock::now() + std::chrono::seconds(5));
  try {
    co_await store.remove_if<&Claim::attempt>(shortly, claims, {claim.name}, claim.attempt);
  } catch (const Error& error) {
    log::warn("a claim stays until its time is over",
              {{"claim", claim.name}, {"error", error.what()}});
  }
}

/// A claim and the time until which writes under it are allowed.
struct HeldClaim {
  Claim claim;
  std::chrono::steady_clock::time_point end;
};

/// Whether writers of the same content share one claim; they must then write the same rows.
enum class SameContent : std::uint8_t { waits, shares };

/// Waits until nobody else has the claim, then makes it. Throws unavailable if the caller's
/// deadline comes first, or after the lifetime of a claim.
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
      asio::steady_timer pause(asio::system_executor(), look_interval);
      co_await pause.async_wait(use_task);
      others = co_await store.get(context, claims, {wanted.name});
    }
  }
}

/// Commits a batch under a claim. Throws unavailable, and writes nothing, if so much time has
/// passed that another writer could get the claim before the commit ends.
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

/// Commits the batch that decide(claim) returns, while nobody else holds a claim of that name. If
/// `decide` throws, nothing is written and the error is rethrown.
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
  // If this fails, the batch may be applied later: then the claim must not be released, but expire.
  if (!refusal) co_await commit_under(store, context, held, std::move(batch));
  co_await release_claim(store, context, held.claim);
  if (refusal) std::rethrow_exception(refusal);
}

/// Removes the claims that a crash left. REQUIRES: no process is using the store.
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
