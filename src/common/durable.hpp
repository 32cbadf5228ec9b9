// Files that survive a power cut.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "common/error.hpp"

namespace killrvideo {

/// Returns when a file's content, or a directory's list of files, is on disk. Throws Error
/// unavailable if it cannot be written there.
inline void sync_to_disk(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw Error(Code::unavailable, "cannot write " + path.string() + " to disk");
}

}  // namespace killrvideo
