// From a command line to an exit code.
#pragma once

namespace killrvideo::cli {

/// Runs the command that the arguments name and returns the process's exit code. Never throws.
int run_program(int argc, const char* const* argv) noexcept;

}  // namespace killrvideo::cli
