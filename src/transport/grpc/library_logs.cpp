#include "transport/grpc/library_logs.hpp"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "common/log.hpp"

namespace killrvideo {
namespace {

log::Level level_of(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_ERROR:
      return log::Level::warn;  // ours to judge whether it is an error
    case GPR_LOG_SEVERITY_INFO:
      return log::Level::debug;
    case GPR_LOG_SEVERITY_DEBUG:
      return log::Level::trace;
  }
  return log::Level::debug;
}

void from_grpc(gpr_log_func_args* line) {
  log::Level level = level_of(line->severity);
  if (log::enabled(level)) log::write(level, "grpc", {{"text", line->message}});
}

// Protobuf speaks up about requests that cannot be decoded, which the client is told anyway.
void from_protobuf(google::protobuf::LogLevel, const char*, int, const std::string& text) {
  log::debug("protobuf", {{"text", text}});
}

}  // namespace

void adopt_library_logs() {
  gpr_set_log_function(from_grpc);
  google::protobuf::SetLogHandler(from_protobuf);
}

}  // namespace killrvideo
