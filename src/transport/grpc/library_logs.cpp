#include "transport/grpc/library_logs.hpp"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "common/log.hpp"

namespace killrvideo {
namespace {

// What gRPC calls an error is mostly a client's (a failed handshake, a broken connection), and what
// is ours, such as an address that cannot be bound, reaches us as a result as well.
void from_grpc(gpr_log_func_args* line) { log::debug("grpc", {{"text", line->message}}); }

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
