// Short-lived claims on a name, so that of several writers who are about to create the same thing
// exactly one does.
//
// Creating something takes: a claim, a look whether it is there already, and one batch that writes
// it and releases the claim. The claim of a writer that died passes away by itself.
#pragma once

#include <boost/describe.hpp>
#include <string>

#include "common/clock.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

struct Claim {
  std::string name;  ///< of what is being created, e.g. "video <id>"
  Blob content;      ///< what it is to be; says whether two attempts want the same
  Uuid attempt = Uuid::random();
  Timestamp made = now();
};
BOOST_DESCRIBE_STRUCT(Claim, (), (name, content, attempt, made))

/// Longer than the few store operations take that a claim is held for.
inline constexpr std::chrono::seconds claim_lifetime{30};
inline const Table<Claim, Partition<&Claim::name>> claims{"claims", claim_lifetime};

/// Makes the claim unless there is one of that name; returns the one in force.
inline Task<Claim> make_claim(Store& store, const Context& context, Claim wanted) {
  auto existing = co_await store.insert_if_absent(context, claims, wanted);
  co_return existing ? std::move(*existing) : std::move(wanted);
}

inline void release_claim(Batch& batch, const Claim& claim) { batch.remove(claims, {claim.name}); }

/// Drops the claims that a crash left. REQUIRES: no process is using the store.
inline Task<void> drop_all_claims(Store& store, const Context& context) {
  for (;;) {
    auto page = co_await store.scan(context, claims, {}, 1'000);
    if (page.rows.empty()) co_return;
    Batch batch;
    for (const Claim& claim : page.rows) release_claim(batch, claim);
    co_await store.commit(context, std::move(batch));
  }
}

}  // namespace killrvideo::storage
