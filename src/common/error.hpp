// The one error type of the program.
//
// Services and engines throw Error; each transport maps it in one table (to a gRPC status or HTTP
// problem).
#pragma once

#include <stdexcept>
#include <string>

namespace killrvideo {

/// What went wrong, in gRPC's vocabulary, which HTTP maps from.
enum class Code {
  invalid_argument,     ///< The request can never succeed as it is; `field` names the culprit.
  not_found,            ///< The thing asked for does not exist.
  already_exists,       ///< A unique key is taken by something else.
  unauthenticated,      ///< Credentials are wrong.
  failed_precondition,  ///< The system is not in the state the request needs.
  aborted,              ///< Lost against a concurrent request; trying again may succeed.
  resource_exhausted,   ///< A limit (queue, rate, disk) is reached; try again later.
  deadline_exceeded,    ///< The caller's deadline passed; the outcome of a write is then unknown.
  unavailable,          ///< An engine cannot be reached or refuses to work now; try again later.
  unimplemented,        ///< Not offered by this process.
  internal,             ///< A fault of ours or corrupt data.
};

class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}

  /// An error about one field of a request: the message becomes "<field>: <reason>".
  Error(Code code, std::string field, const std::string& reason)
      : std::runtime_error(field + ": " + reason), code_(code), field_(std::move(field)) {}

  Code code() const noexcept { return code_; }
  /// The request field the error is about, as the contract spells it; empty if about none.
  const std::string& field() const noexcept { return field_; }

 private:
  Code code_;
  std::string field_;
};

inline Error invalid(std::string field, const std::string& reason) {
  return Error(Code::invalid_argument, std::move(field), reason);
}

}  // namespace killrvideo
