#include "cli/contract.hpp"

#include <algorithm>

#include "app/suggest.hpp"
#include "comments/comments_service.pb.h"
#include "common/error.hpp"
#include "ratings/ratings_service.pb.h"
#include "search/search_service.pb.h"
#include "statistics/statistics_service.pb.h"
#include "suggested-videos/suggested_videos_service.pb.h"
#include "uploads/uploads_service.pb.h"
#include "user-management/user_management_service.pb.h"
#include "video-catalog/video_catalog_service.pb.h"

namespace killrvideo::cli {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// Naming a message of each file links it in.
std::vector<const FileDescriptor*> contract_files() {
  return {
      user_management::CreateUserRequest::descriptor()->file(),
      video_catalog::GetVideoRequest::descriptor()->file(),
      comments::CommentOnVideoRequest::descriptor()->file(),
      ratings::RateVideoRequest::descriptor()->file(),
      statistics::RecordPlaybackStartedRequest::descriptor()->file(),
      search::SearchVideosRequest::descriptor()->file(),
      suggested_videos::GetRelatedVideosRequest::descriptor()->file(),
      uploads::GetUploadDestinationRequest::descriptor()->file(),
  };
}

std::vector<const MethodDescriptor*> make_methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file : contract_files()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) methods.push_back(service->method(m));
    }
  }
  return methods;
}

// Whether `name` is the method's full name or its end, from a dot on.
bool is_called(const MethodDescriptor& method, std::string_view name) {
  const std::string_view full = method.full_name();
  if (!full.ends_with(name)) return false;
  return full.size() == name.size() || full[full.size() - name.size() - 1] == '.';
}

}  // namespace

std::span<const MethodDescriptor* const> contract_methods() {
  static const auto methods = make_methods();
  return methods;
}

std::vector<std::string_view> contract_method_names() {
  std::vector<std::string_view> names;
  for (const auto* method : contract_methods()) names.push_back(method->name());
  return names;
}

const MethodDescriptor& find_method(std::string_view name) {
  std::string dotted(name);
  std::ranges::replace(dotted, '/', '.');
  const auto methods = contract_methods();
  const auto called = [&](const MethodDescriptor* method) { return is_called(*method, dotted); };
  const auto found = std::ranges::find_if(methods, called);
  if (found == methods.end()) {
    const auto last = std::string_view(dotted).substr(dotted.rfind('.') + 1);
    throw Error(Code::not_found, "no method is called '" + std::string(name) + "'" +
                                     did_you_mean(last, contract_method_names()));
  }
  if (const auto other = std::find_if(std::next(found), methods.end(), called);
      other != methods.end()) {
    throw invalid(std::string(name), "may be " + (*found)->full_name() + " or " +
                                         (*other)->full_name() + "; say which");
  }
  return **found;
}

}  // namespace killrvideo::cli
