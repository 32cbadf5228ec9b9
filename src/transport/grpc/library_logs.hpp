// What gRPC and protobuf have to say goes to the program's log.
#pragma once

namespace killrvideo {

/// To be called before gRPC is used. Messages of both libraries, which by themselves would write to
/// stderr in formats of their own, become log lines.
void adopt_library_logs();

}  // namespace killrvideo
