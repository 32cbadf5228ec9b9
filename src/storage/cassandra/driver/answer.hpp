// What the Rust driver answers, as the rest of the program knows it.
#pragma once

#include <memory>
#include <vector>

#include "storage/cassandra/driver/bridge/bridge.h"
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

struct FreeAnswer {
  void operator()(kvc_answer* answer) const { kvc_answer_free(answer); }
};
using AnswerPtr = std::unique_ptr<kvc_answer, FreeAnswer>;

inline std::string_view view(kvc_text text) { return {text.data, text.size}; }
inline kvc_text text(std::string_view view) { return {view.data(), view.size()}; }

std::vector<ColumnSpec> column_specs(const kvc_column* columns, std::size_t size);

/// The result that owns the answer's memory.
Result to_result(AnswerPtr answer);

/// What a failed answer says about the call that it was the answer to.
struct Asked {
  bool idempotent;
  bool callers_deadline;  ///< whether the time that it had was the caller's, not the session's
};

/// REQUIRES: the answer is one of KVC_FAILED.
SessionError to_error(const kvc_answer& answer, Asked asked);

}  // namespace killrvideo::storage::cassandra
