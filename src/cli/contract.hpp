// The gRPC methods that this program knows, by their descriptors.
#pragma once

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace killrvideo::cli {

/// All methods of the contract's services, service by service.
std::span<const google::protobuf::MethodDescriptor* const> contract_methods();

/// Their names without service, for completion.
std::vector<std::string_view> contract_method_names();

/// The method called `name`: "GetVideo", "VideoCatalogService.GetVideo" or the full name, with a
/// dot or a slash before the method. Throws Error not_found if there is none, with what may have
/// been meant, and Error invalid_argument if several services have it.
const google::protobuf::MethodDescriptor& find_method(std::string_view name);

}  // namespace killrvideo::cli
