// Runs the program inside a test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/program.hpp"

namespace killrvideo::cli {

struct Ended {
  int code;
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// `killrvideo` with these arguments.
inline Ended killrvideo_run(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"killrvideo"};
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run_program(static_cast<int>(argv.size()), argv.data());
  auto out = testing::internal::GetCapturedStdout();
  auto err = testing::internal::GetCapturedStderr();
  return {code, std::move(out), std::move(err)};
}

}  // namespace killrvideo::cli
