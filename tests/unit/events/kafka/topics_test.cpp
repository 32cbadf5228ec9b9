#include "events/kafka/topics.hpp"

#include <gmock/gmock.h>

#include "common/error.hpp"
#include "events/types.hpp"

namespace killrvideo::kafka {
namespace {

using testing::ElementsAre;

const std::string rated = "killrvideo.ratings.events.UserRatedVideo",
                  added = "killrvideo.video_catalog.events.YouTubeVideoAdded",
                  uploaded = "killrvideo.video_catalog.events.UploadedVideoAdded",
                  published = "killrvideo.uploads.events.UploadedVideoPublished";

TEST(KafkaTopics, AreThoseOfTheContract) {
  EXPECT_EQ(topic_of("killrvideo.user_management.events.UserCreated"), "topic-kv-userCreation");
  EXPECT_EQ(topic_of(added), "topic-kv-videoCreation");
  EXPECT_EQ(topic_of(uploaded), "topic-kv-videoCreation");
  EXPECT_EQ(topic_of(rated), "topic-kv-videoRating");
  EXPECT_EQ(topic_of("killrvideo.comments.events.UserCommentedOnVideo"),
            "topic-kv-commentCreation");
  EXPECT_EQ(topic_of(published), "topic-kv-videoUpload");
  EXPECT_EQ(topic_of("killrvideo.other.events.Unheard"), "");
}

TEST(KafkaTopics, SayWhatARecordWithoutAHeaderIs) {
  EXPECT_EQ(usual_type_of("topic-kv-videoCreation"), added);
  EXPECT_EQ(usual_type_of("topic-kv-videoRating"), rated);
  EXPECT_EQ(usual_type_of("topic-kv-videoUpload"), "");
}

TEST(KafkaTopics, AreNamedOnceForSeveralTypes) {
  EXPECT_THAT(topics_of(std::vector{rated, added, uploaded, std::string("unheard")}),
              ElementsAre("topic-kv-videoCreation", "topic-kv-videoRating"));
}

TEST(KafkaTopics, ThereIsOneForEveryEventOfTheContract) {
  EXPECT_NO_THROW(require_topics(event_types()));
  EXPECT_THAT(types_with_topics(), testing::UnorderedElementsAreArray(event_types()));
}

TEST(KafkaTopics, AreMissedByName) {
  const std::vector<std::string> types{added, "killrvideo.other.events.Unheard"};
  EXPECT_THAT([&] { require_topics(types); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("killrvideo.other.events.Unheard")));
}

}  // namespace
}  // namespace killrvideo::kafka
