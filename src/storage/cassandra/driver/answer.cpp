#include "storage/cassandra/driver/answer.hpp"

namespace killrvideo::storage::cassandra {
namespace {

struct Meaning {
  Failure failure;
  bool outcome_unknown;  // of a write that was sent once
};

// The codes of errors are those of CQL's native protocol. That too few replicas are alive, or that
// the node does not know the statement, is found before anything is written; everything else can
// come after some replica has written already.
Meaning server_error(std::int32_t code) {
  switch (code) {
    case 0x1000:  // unavailable
    case 0x1002:  // still starting
    case 0x2500:  // the statement is not prepared, though the driver has tried
      return {Failure::unavailable, false};
    case 0x1001:  // overloaded
    case 0x1600:  // the space for changes to capture is full
      return {Failure::overloaded, true};
    case 0x1100:
    case 0x1700:  // a conditional write
      return {Failure::write_timeout, true};
    case 0x1200:  // conditional writes read, too
      return {Failure::read_timeout, true};
    case 0x1300:
      return {Failure::read_failure, true};
    case 0x1500:
      return {Failure::write_failure, true};
    case 0x2400:
      return {Failure::already_exists, false};
    case 0x0100:  // wrong password
    case 0x1400:  // a function of the user's
    case 0x2000:  // syntax
    case 0x2100:  // not permitted
    case 0x2200:  // invalid
    case 0x2300:  // configuration
      return {Failure::rejected, false};
    default:
      return {Failure::other, true};
  }
}

Meaning meaning_of(std::int32_t code) {
  switch (code) {
    case KVC_NOT_CONNECTED:
    case KVC_REFUSED:
      return {Failure::not_connected, false};
    case KVC_CONNECTION_LOST:
      return {Failure::connection_lost, true};
    case KVC_TIMEOUT:
      return {Failure::client_timeout, true};
    case KVC_CANCELLED:
      return {Failure::cancelled, true};
    case KVC_REJECTED:
      return {Failure::rejected, false};
    case KVC_TOO_BUSY:
      return {Failure::overloaded, false};
    case KVC_LOGGED_ONCE:
      return {Failure::logged_once, true};
    default:
      return code < 0 ? Meaning{Failure::other, true} : server_error(code);
  }
}

// The only thing that a server refuses because of what a caller wants to write.
bool is_too_large(const kvc_answer& answer) {
  return view(answer.message).find("Batch too large") != std::string_view::npos;
}

Code code_of(Failure failure, const kvc_answer& answer, Asked asked) {
  switch (failure) {
    case Failure::overloaded:
      return Code::resource_exhausted;
    case Failure::cancelled:
      return Code::aborted;
    case Failure::already_exists:
      return Code::already_exists;
    case Failure::rejected:
      return is_too_large(answer) ? Code::failed_precondition : Code::internal;
    case Failure::client_timeout:
      return asked.callers_deadline ? Code::deadline_exceeded : Code::unavailable;
    default:
      return answer.error == KVC_REFUSED ? Code::failed_precondition : Code::unavailable;
  }
}

void free_answer(void* answer) { kvc_answer_free(static_cast<kvc_answer*>(answer)); }

}  // namespace

std::vector<ColumnSpec> column_specs(const kvc_column* columns, std::size_t size) {
  std::vector<ColumnSpec> specs;
  specs.reserve(size);
  for (const kvc_column& column : std::span(columns, size))
    specs.push_back({std::string(view(column.name)), std::string(view(column.type))});
  return specs;
}

Result to_result(AnswerPtr answer) {
  const kvc_answer& parts = *answer;
  return Result({.owner = {answer.release(), free_answer},
                 .cells = view(parts.cells),
                 .row_count = parts.row_count,
                 .column_count = parts.column_count,
                 .paging_state = std::string(view(parts.paging_state)),
                 .columns = column_specs(parts.columns, parts.columns_size)});
}

SessionError to_error(const kvc_answer& answer, Asked asked) {
  auto [failure, unknown] = meaning_of(answer.error);
  const bool may_be_repeated = failure != Failure::rejected && failure != Failure::already_exists;
  if (asked.idempotent && may_be_repeated) unknown = true;
  // What servers refuse us for begins with the name of a setting.
  auto message = std::string(answer.error == KVC_REFUSED ? "" : "Cassandra: ");
  message += view(answer.message);
  if (unknown && !asked.idempotent) message += "; it may or may not have been done";
  return {code_of(failure, answer, asked), failure, unknown, message};
}

}  // namespace killrvideo::storage::cassandra
