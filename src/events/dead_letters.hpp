// Dead letters: events whose handlers failed in every try.
#pragma once

#include <span>
#include <string>

#include "events/outbox.hpp"

namespace killrvideo {

struct DeadLetter {
  std::int32_t shard = 0;
  TimeUuid eventid;  ///< its id in the outbox
  Uuid key;
  std::string type;
  storage::Blob payload;
  std::string handlers;  ///< the handlers that failed, separated by commas
  std::string error;     ///< the last error
  std::int32_t tries = 0;
  Timestamp died;
  std::string trace;  ///< the trace of the event
};
BOOST_DESCRIBE_STRUCT(DeadLetter, (),
                      (shard, eventid, key, type, payload, handlers, error, tries, died, trace))

inline const storage::Table<DeadLetter, storage::Partition<&DeadLetter::shard>,
                            storage::Clustering<storage::Ascending<&DeadLetter::eventid>>>
    outbox_dead_letters{"outbox_dead_letters"};

enum class DeadLetterAction {
  resend,   ///< Writes it as a new event, which all handlers of its type get.
  discard,  ///< Deletes it.
};

/// A slice of all dead letters, from the beginning (empty state) or from the last slice's state.
Task<storage::Slice<DeadLetter>> dead_letters(storage::Store& store, const Context& context,
                                              std::string state);

/// Resends or discards one dead letter or, without an id, all that exist now; returns how many.
/// Throws not_found if none has the id.
Task<std::size_t> settle_dead_letters(storage::Store& store, const Context& context,
                                      DeadLetterAction action, std::optional<TimeUuid> event);

}  // namespace killrvideo
