// Checks of what a header REQUIRES of its callers, in every build.
#pragma once

#include <source_location>

namespace killrvideo {

namespace detail {
[[noreturn]] void throw_unexpected(const char* requirement, const std::source_location& where);
}  // namespace detail

/// Throws Error internal, with file, line and the requirement, if it does not hold.
///
/// It does not end the program: a requirement is checked before anything has been changed, so that
/// one call fails and is logged, and all others go on. Where nobody can catch an error (in a
/// destructor, in a thread of its own) it ends the program with that message.
inline void expects(bool holds, const char* requirement,
                    const std::source_location& where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    detail::throw_unexpected(requirement, where);
}

}  // namespace killrvideo
