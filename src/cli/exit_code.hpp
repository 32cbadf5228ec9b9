// How the program ends, for scripts that call it.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "common/error.hpp"

namespace killrvideo::cli {

enum class ExitCode {
  ok = 0,
  failed = 1,
  usage = 2,
  bad_rows = 3,
  data_unusable = 4,
  address_unusable = 5,
};

struct ExitCodeMeaning {
  ExitCode code;
  std::string_view meaning;
};

/// What help and the man page say of each.
inline constexpr std::array exit_codes{
    ExitCodeMeaning{ExitCode::ok, "Success."},
    ExitCodeMeaning{ExitCode::failed, "Something failed while it ran; the message says what."},
    ExitCodeMeaning{ExitCode::usage, "The command line or the configuration is wrong."},
    ExitCodeMeaning{ExitCode::bad_rows,
                    "An import went through, but refused rows or could not read a file."},
    ExitCodeMeaning{ExitCode::data_unusable,
                    "The data directory cannot be used: another process has it, permission is "
                    "missing, it is full, damaged, or of a newer version of the program."},
    ExitCodeMeaning{ExitCode::address_unusable, "An address cannot be listened on."},
};

/// Ends the command with a code and one line on standard error.
class Exit : public std::runtime_error {
 public:
  Exit(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// Calls `function`; an Error that it throws ends the command with `code`. Other Errors end a
/// command with ExitCode::failed.
template <class Function>
std::invoke_result_t<Function> or_exit(ExitCode code, Function&& function) {
  try {
    return std::forward<Function>(function)();
  } catch (const Error& error) {
    throw Exit(code, error.what());
  }
}

}  // namespace killrvideo::cli
