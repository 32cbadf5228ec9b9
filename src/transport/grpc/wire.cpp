#include "transport/grpc/wire.hpp"

#include <google/protobuf/unknown_field_set.h>

#include "common/text.hpp"

namespace killrvideo {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

using std::chrono::floor, std::chrono::seconds;

constexpr std::int64_t earliest_second = floor<seconds>(earliest_time).time_since_epoch().count();
constexpr std::int64_t latest_second = floor<seconds>(latest_time).time_since_epoch().count();
constexpr std::int32_t nanos_per_second = 1'000'000'000;

// The path of the first string field that is not UTF-8, or "".
std::string find_bad_text(const Descriptor& type, const UnknownFieldSet& fields) {
  std::unordered_map<int, int> seen;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    const FieldDescriptor* descriptor = type.FindFieldByNumber(field.number());
    if (!descriptor || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    std::string name = descriptor->name();
    if (descriptor->is_repeated())
      name.append("[").append(std::to_string(seen[field.number()]++)).append("]");
    if (descriptor->type() == FieldDescriptor::TYPE_STRING && !is_utf8(field.length_delimited()))
      return name;
    UnknownFieldSet nested;
    if (descriptor->type() != FieldDescriptor::TYPE_MESSAGE ||
        !nested.ParseFromString(field.length_delimited()))
      continue;
    std::string below = find_bad_text(*descriptor->message_type(), nested);
    if (!below.empty()) return name.append(".").append(below);
  }
  return {};
}

std::string missing_or_malformed(const std::string& text, const char* expected) {
  return text.empty() ? "is required" : std::string("is not ") + expected;
}

}  // namespace

Error explain_undecodable(const Descriptor& type, std::string_view wire) {
  UnknownFieldSet fields;
  if (fields.ParseFromArray(wire.data(), static_cast<int>(wire.size()))) {
    std::string field = find_bad_text(type, fields);
    if (!field.empty()) return invalid(field, "is not valid UTF-8");
  }
  return Error(Code::invalid_argument, "the request is not a valid " + type.full_name());
}

std::string host_of_peer(std::string_view peer) {
  auto scheme = peer.find(':');
  auto port = peer.rfind(':');
  if (scheme == peer.npos || port <= scheme) return std::string(peer);
  return std::string(peer.substr(scheme + 1, port - scheme - 1));
}

Uuid read_uuid(std::string_view field, const std::string& text) {
  if (auto uuid = Uuid::parse(text)) return *uuid;
  throw invalid(std::string(field), missing_or_malformed(text, "a UUID (8-4-4-4-12 hex digits)"));
}

TimeUuid read_timeuuid(std::string_view field, const std::string& text) {
  if (auto uuid = TimeUuid::parse(text)) return *uuid;
  if (Uuid::parse(text))
    throw invalid(std::string(field), "is a UUID, but not a time-based one (version 1)");
  throw invalid(std::string(field), missing_or_malformed(text, "a time-based UUID (version 1)"));
}

Timestamp read_timestamp(std::string_view field, const google::protobuf::Timestamp& message) {
  if (message.seconds() < earliest_second || message.seconds() > latest_second ||
      message.nanos() < 0 || message.nanos() >= nanos_per_second)
    throw invalid(std::string(field), "is not a time between the years 1 and 9999");
  return Timestamp{seconds{message.seconds()} +
                   std::chrono::milliseconds{message.nanos() / nanos_per_ms}};
}

}  // namespace killrvideo
