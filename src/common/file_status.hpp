// The status of a file. Unlike in std::filesystem, a missing permission is no missing file.
#pragma once

#include <filesystem>
#include <string>

#include "common/error.hpp"

namespace killrvideo {

/// The status of the file at `path`, for std::filesystem::exists and the like. Throws Error
/// failed_precondition, with path and reason, if it cannot be read, e.g. for lack of permission.
inline std::filesystem::file_status status_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::none)
    throw Error(Code::failed_precondition,
                "cannot look at " + path.string() + ": " + error.message());
  return status;
}

}  // namespace killrvideo
