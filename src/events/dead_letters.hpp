// Dead letters: events that a handler failed to take again and again.
#pragma once

#include <span>
#include <string>

#include "events/outbox.hpp"

namespace killrvideo {

struct DeadLetter {
  std::int32_t shard = 0;
  TimeUuid eventid;  ///< that it had in the outbox
  Uuid key;
  std::string type;
  storage::Blob payload;
  std::string handlers;  ///< those that failed, separated by commas
  std::string error;     ///< what the last of them failed with
  std::int32_t tries = 0;
  Timestamp died;
  std::string trace;  ///< the event's
};
BOOST_DESCRIBE_STRUCT(DeadLetter, (),
                      (shard, eventid, key, type, payload, handlers, error, tries, died, trace))

inline const storage::Table<DeadLetter, storage::Partition<&DeadLetter::shard>,
                            storage::Clustering<storage::Ascending<&DeadLetter::eventid>>>
    outbox_dead_letters{"outbox_dead_letters"};

enum class DeadLetterAction {
  resend,   ///< Makes it a new event, which every handler of its type gets.
  discard,  ///< Deletes it.
};

/// Some of them, from the beginning or from the state of the page before.
Task<storage::Page<DeadLetter>> dead_letters(storage::Store& store, const Context& context,
                                             std::string state);

/// Does this to one dead letter or, without an id, to all that there are at this moment; returns to
/// how many. Throws not_found if there is none with the id.
Task<std::size_t> settle_dead_letters(storage::Store& store, const Context& context,
                                      DeadLetterAction action, std::optional<TimeUuid> event);

}  // namespace killrvideo
