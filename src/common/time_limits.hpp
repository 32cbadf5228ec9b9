// Times that depend on each other, though they are used in different folders. What must hold
// between them is a static_assert here, so that nobody changes one and breaks another.
#pragma once

#include <chrono>

namespace killrvideo::time_limits {

using std::chrono::minutes;
using std::chrono::seconds;

/// A call ends after this time, whatever deadline its caller has set.
inline constexpr seconds longest_call{30};
/// The clocks of two processes differ by less.
inline constexpr seconds clock_difference{30};

/// How long Cassandra waits for the replicas of a batch, and how often its nodes look for batches
/// that dead nodes left in their log (they replay those that are older than twice the first time).
inline constexpr seconds batch_write_timeout{2}, batch_log_replay{10};

/// How long after its event was given its id a row becomes visible on a cluster: usually; when
/// nodes hang or die; when the nodes that have the batch's log are down, too.
inline constexpr seconds usually_visible_after{10}, visible_after{90};
inline constexpr minutes visible_at_last{10};
static_assert(usually_visible_after < visible_after && visible_after < visible_at_last);
static_assert(visible_after >=
              longest_call + 2 * batch_write_timeout + batch_log_replay + clock_difference);

/// A rating that has been under way for this long was cut off: its call has ended.
inline constexpr seconds ratings_abandoned_after{60};
static_assert(ratings_abandoned_after >= longest_call + clock_difference);

/// Of the time after which others take over a lock or a lease, its holder uses this part: it stops
/// before they start, and has time for several beats.
constexpr auto safe_part(auto lifetime) { return lifetime * 3 / 4; }
inline constexpr int beats_in_lifetime = 4;

/// A lease whose holder does not renew it is taken by another process after this time.
inline constexpr seconds lease_lifetime{12};
/// The lock of a Cassandra schema expires after this time.
inline constexpr seconds schema_lock_lifetime{60};
static_assert(safe_part(lease_lifetime) >= 2 * lease_lifetime / beats_in_lifetime);

/// A claim expires after this time; writes under it end before.
inline constexpr seconds claim_lifetime{30}, claim_use{15};
static_assert(claim_use + 2 * batch_write_timeout < claim_lifetime);

/// What a process has read of the state of the recommendations counts for this time; a change of it
/// is known to all processes after the second.
inline constexpr seconds epoch_known_after{12}, epoch_valid = safe_part(epoch_known_after);
static_assert(epoch_valid < epoch_known_after);

/// Scores that readers still find stale after this time have missed a change, and are rebuilt: its
/// event comes sooner, also if the process that delivers events has just died.
inline constexpr seconds scores_stale_after{60};
static_assert(scores_stale_after > lease_lifetime + usually_visible_after + clock_difference);

/// No build of a search index takes so long: its process has died.
inline constexpr std::chrono::hours index_build_abandoned_after{24};

}  // namespace killrvideo::time_limits
