#include "events/types.hpp"

#include <google/protobuf/descriptor.h>

#include "common/error.hpp"
#include "event_files.hpp"

namespace killrvideo {

std::vector<std::string> event_types() {
  std::vector<std::string> types;
  const auto& known = *google::protobuf::DescriptorPool::generated_pool();
  for (const char* name : event_files) {
    const auto* file = known.FindFileByName(name);
    if (!file)
      throw Error(Code::internal, std::string("nobody knows the events of ") + name +
                                      ": they need a topic (src/events/kafka/topics.cpp)");
    for (int i = 0; i < file->message_type_count(); ++i)
      types.push_back(file->message_type(i)->full_name());
  }
  return types;
}

}  // namespace killrvideo
