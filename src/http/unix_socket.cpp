#include "http/unix_socket.hpp"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/error.hpp"

namespace killrvideo::http {

UnixEndpoint::UnixEndpoint(const std::filesystem::path& path) {
  if (path.native().size() < sizeof(sockaddr_un::sun_path)) {
    endpoint_.path(path.native());
    return;
  }
  directory_ = ::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) {
    throw Error(Code::unavailable,
                "cannot open " + path.parent_path().native() + ": " + std::strerror(errno));
  }
  endpoint_.path("/proc/self/fd/" + std::to_string(directory_) + "/" + path.filename().native());
}

UnixEndpoint::~UnixEndpoint() {
  if (directory_ >= 0) ::close(directory_);
}

}  // namespace killrvideo::http
