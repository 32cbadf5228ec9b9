#include "events/kafka/topics.hpp"

#include <set>

#include "comments/comments_events.pb.h"
#include "common/error.hpp"
#include "ratings/ratings_events.pb.h"
#include "recommender/recommender_events.pb.h"
#include "uploads/uploads_events.pb.h"
#include "user-management/user_management_events.pb.h"
#include "video-catalog/video_catalog_events.pb.h"

namespace killrvideo::kafka {
namespace {

struct TopicOfType {
  std::string type;
  std::string_view topic;
  bool usual = false;  ///< records of its topic without a header have this type
};

template <class Event>
TopicOfType on(std::string_view topic, bool usual) {
  return {Event().GetTypeName(), topic, usual};
}

// The events of the contract, and those between processes that share the recommender's work.
const std::vector<TopicOfType>& all() {
  static constexpr std::string_view users = "topic-kv-userCreation",
                                    videos = "topic-kv-videoCreation",
                                    ratings = "topic-kv-videoRating",
                                    comments = "topic-kv-commentCreation",
                                    uploads = "topic-kv-videoUpload";
  static const std::vector<TopicOfType> topics{
      on<user_management::events::UserCreated>(users, true),
      on<video_catalog::events::YouTubeVideoAdded>(videos, true),
      on<video_catalog::events::UploadedVideoAdded>(videos, false),
      on<killrvideo::ratings::events::UserRatedVideo>(ratings, true),
      on<killrvideo::comments::events::UserCommentedOnVideo>(comments, true),
      on<video_catalog::events::UploadedVideoAccepted>(uploads, false),
      on<killrvideo::uploads::events::UploadedVideoProcessingStarted>(uploads, false),
      on<killrvideo::uploads::events::UploadedVideoProcessingSucceeded>(uploads, false),
      on<killrvideo::uploads::events::UploadedVideoProcessingFailed>(uploads, false),
      on<killrvideo::uploads::events::UploadedVideoPublished>(uploads, false),
      on<recommender::events::RatingToCount>("topic-kv-ratingsToCount", true),
      on<recommender::events::ScoresChanged>("topic-kv-scoreChanges", true)};
  return topics;
}

}  // namespace

std::string topic_of(std::string_view type) {
  for (const auto& known : all())
    if (known.type == type) return std::string(known.topic);
  return {};
}

std::string usual_type_of(std::string_view topic) {
  for (const auto& known : all())
    if (known.usual && known.topic == topic) return known.type;
  return {};
}

std::vector<std::string> types_with_topics() {
  std::vector<std::string> types;
  for (const auto& known : all()) types.push_back(known.type);
  return types;
}

void require_topics(std::span<const std::string> types) {
  for (const auto& type : types)
    if (topic_of(type).empty())
      throw Error(Code::internal, "no topic for the event " + type +
                                      ": src/events/kafka/topics.cpp has to name one");
}

std::vector<std::string> topics_of(std::span<const std::string> types) {
  std::set<std::string> topics;
  for (const auto& type : types)
    if (auto topic = topic_of(type); !topic.empty()) topics.insert(std::move(topic));
  return {topics.begin(), topics.end()};
}

}  // namespace killrvideo::kafka
