// From gRPC requests to the services' types.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/timestamp.pb.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/common_types.pb.h"
#include "common/error.hpp"
#include "common/protobuf.hpp"
#include "common/uuid.hpp"

namespace killrvideo {

/// Says why bytes could not be parsed as a message of this type: an invalid_argument that names the
/// field whose text is not UTF-8, if that is why.
Error explain_undecodable(const google::protobuf::Descriptor& type, std::string_view wire);

/// The host part of gRPC's description of a peer, such as "ipv4:127.0.0.1:1234".
std::string host_of_peer(std::string_view peer);

/// Reads an id. Throws invalid_argument if it is empty or malformed.
Uuid read_uuid(std::string_view field, const std::string& text);
TimeUuid read_timeuuid(std::string_view field, const std::string& text);

template <class Id>
Id read_id(std::string_view field, const common::Uuid& message) {
  return Id(read_uuid(field, message.value()));
}
template <class Id>
Id read_id(std::string_view field, const common::TimeUuid& message) {
  return Id(read_timeuuid(field, message.value()));
}

/// Reads a list of ids; errors name the element, as in "video_ids[2]".
template <class Id>
std::vector<Id> read_ids(const std::string& field,
                         const google::protobuf::RepeatedPtrField<common::Uuid>& messages) {
  std::vector<Id> ids;
  for (const common::Uuid& message : messages)
    ids.push_back(read_id<Id>(field + "[" + std::to_string(ids.size()) + "]", message));
  return ids;
}

/// Reads a time, rounded down to milliseconds. Throws if it is out of the range that protobuf
/// allows.
Timestamp read_timestamp(std::string_view field, const google::protobuf::Timestamp& message);

}  // namespace killrvideo
