// gRPC's status codes by their names.
#pragma once

#include <array>
#include <string_view>

namespace killrvideo {

inline constexpr std::array<std::string_view, 17> grpc_status_names{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

/// The name of a status code, "UNKNOWN" for one that gRPC does not define.
constexpr std::string_view grpc_status_name(int code) {
  const auto index = static_cast<std::size_t>(code);
  return index < grpc_status_names.size() ? grpc_status_names[index] : grpc_status_names[2];
}

}  // namespace killrvideo
