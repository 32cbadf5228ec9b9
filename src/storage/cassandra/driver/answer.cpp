#include "storage/cassandra/driver/answer.hpp"

#include <algorithm>
#include <iterator>

#include "common/expects.hpp"

namespace killrvideo::storage::cassandra {
namespace {

struct Meaning {
  std::int32_t code;
  Failure failure;
  bool outcome_unknown;  // of a write that was sent once
};

// The codes that are not negative are those of CQL's native protocol. That too few replicas are
// alive, or that the node does not know the statement, is found before anything is written;
// everything else can come after some replica has written already.
constexpr Meaning meanings[] = {
    {KVC_NOT_CONNECTED, Failure::not_connected, false},
    {KVC_REFUSED, Failure::not_connected, false},
    {KVC_CONNECTION_LOST, Failure::connection_lost, true},
    {KVC_TIMEOUT, Failure::client_timeout, true},
    {KVC_CANCELLED, Failure::cancelled, true},
    {KVC_REJECTED, Failure::rejected, false},
    {KVC_TOO_BUSY, Failure::overloaded, false},
    {KVC_LOGGED_ONCE, Failure::logged_once, true},
    {0x0100, Failure::rejected, false},  // wrong password
    {0x1000, Failure::unavailable, false},
    {0x1001, Failure::overloaded, true},
    {0x1002, Failure::unavailable, false},  // still starting
    {0x1100, Failure::write_timeout, true},
    {0x1200, Failure::read_timeout, true},  // conditional writes read, too
    {0x1300, Failure::read_failure, true},
    {0x1400, Failure::rejected, false},  // a function of the user's
    {0x1500, Failure::write_failure, true},
    {0x1600, Failure::overloaded, true},     // the space for changes to capture is full
    {0x1700, Failure::write_timeout, true},  // a conditional write
    {0x2000, Failure::rejected, false},      // syntax
    {0x2100, Failure::rejected, false},      // not permitted
    {0x2200, Failure::rejected, false},      // invalid
    {0x2300, Failure::rejected, false},      // configuration
    {0x2400, Failure::already_exists, false},
    {0x2500, Failure::unavailable, false},  // not prepared, though the driver has tried
};

Meaning meaning_of(std::int32_t code) {
  const auto* const found = std::ranges::find(meanings, code, &Meaning::code);
  return found == std::end(meanings) ? Meaning{code, Failure::other, true} : *found;
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
                 .columns = column_specs(parts.columns, parts.columns_size)});
}

SessionError to_error(const kvc_answer& answer, Asked asked) {
  expects(answer.kind == KVC_FAILED, "the answer is that of a failed call");
  auto [code, failure, unknown] = meaning_of(answer.error);
  const bool may_be_repeated = failure != Failure::rejected && failure != Failure::already_exists;
  if (asked.idempotent && may_be_repeated) unknown = true;
  // What servers refuse us for begins with the name of a setting.
  auto message = std::string(answer.error == KVC_REFUSED ? "" : "Cassandra: ");
  message += view(answer.message);
  if (unknown && !asked.idempotent) message += "; it may or may not have been done";
  return {code_of(failure, answer, asked), failure, unknown, message};
}

}  // namespace killrvideo::storage::cassandra
