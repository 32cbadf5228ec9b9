#include "scenarios.hpp"

#include <google/protobuf/message_lite.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>

#include "comments/comments_service.pb.h"
#include "common/uuid.hpp"
#include "ratings/ratings_service.pb.h"
#include "search/search_service.pb.h"
#include "statistics/statistics_service.pb.h"
#include "suggested-videos/suggested_videos_service.pb.h"
#include "user-management/user_management_service.pb.h"
#include "video-catalog/video_catalog_service.pb.h"

namespace killrvideo::bench {
namespace {

using google::protobuf::MessageLite;

const std::string& any_of(const std::vector<std::string>& ids, Random& random) {
  return ids[std::uniform_int_distribution<std::size_t>(0, ids.size() - 1)(random)];
}

const std::vector<std::string>& required(const std::vector<std::string>& ids, const char* what) {
  if (ids.empty()) throw std::invalid_argument(std::string("the ids hold no ") + what);
  return ids;
}

grpc::Slice serialised(const MessageLite& message) {
  return grpc::Slice(message.SerializeAsString());
}

template <class Message>
Message parsed(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) message.Clear();
  return message;
}

/// Requests about any of `ids`, each serialised here once and for all.
std::function<grpc::Slice(Random&)> any_prepared(
    const std::vector<std::string>& ids, std::function<std::string(const std::string&)> make) {
  auto prepared = std::make_shared<std::vector<std::string>>();
  prepared->reserve(ids.size());
  for (const auto& id : ids) prepared->push_back(make(id));
  return [prepared](Random& random) { return grpc::Slice(any_of(*prepared, random)); };
}

Scenario get_video(const KnownIds& ids) {
  using namespace video_catalog;
  return {
      .method = "/killrvideo.video_catalog.VideoCatalogService/GetVideo",
      .next_request = any_prepared(required(ids.videos, "videos"),
                                   [](const std::string& id) {
                                     GetVideoRequest request;
                                     request.mutable_video_id()->set_value(id);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            const auto video = parsed<GetVideoResponse>(answer);
            return video.video_id().value() ==
                       parsed<GetVideoRequest>(request).video_id().value() &&
                   !video.name().empty() && video.added_date().seconds() > 0;
          },
      .shortest_answer = 100,
  };
}

/// The same question to a server that answers it with a constant, whatever the id.
Scenario ceiling(const KnownIds& ids) {
  auto scenario = get_video(ids);
  scenario.is_right = [](std::string_view, std::string_view answer) {
    return !parsed<video_catalog::GetVideoResponse>(answer).name().empty();
  };
  return scenario;
}

Scenario video_comments(const KnownIds& ids) {
  using namespace comments;
  return {
      .method = "/killrvideo.comments.CommentsService/GetVideoComments",
      .next_request = any_prepared(required(ids.commented_videos, "commented videos"),
                                   [](const std::string& id) {
                                     GetVideoCommentsRequest request;
                                     request.mutable_video_id()->set_value(id);
                                     request.set_page_size(comments_per_page);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            const auto page = parsed<GetVideoCommentsResponse>(answer);
            return page.video_id().value() ==
                       parsed<GetVideoCommentsRequest>(request).video_id().value() &&
                   page.comments_size() == comments_per_page;
          },
      .shortest_answer = 1000,
  };
}

Scenario latest_previews(const KnownIds&) {
  using namespace video_catalog;
  constexpr int page_size = 10;
  GetLatestVideoPreviewsRequest request;
  request.set_page_size(page_size);
  return {
      .method = "/killrvideo.video_catalog.VideoCatalogService/GetLatestVideoPreviews",
      .next_request = [slice = serialised(request)](Random&) { return slice; },
      .is_right =
          [](std::string_view, std::string_view answer) {
            return parsed<GetLatestVideoPreviewsResponse>(answer).video_previews_size() ==
                   page_size;
          },
      .shortest_answer = 1000,
  };
}

/// Previews of as many videos, each another one.
template <int count>
Scenario previews(const KnownIds& ids) {
  using namespace video_catalog;
  required(ids.videos, "videos");
  return {
      .method = "/killrvideo.video_catalog.VideoCatalogService/GetVideoPreviews",
      .next_request =
          [videos = ids.videos](Random& random) {
            GetVideoPreviewsRequest request;
            const std::size_t first = random() % videos.size();
            for (std::size_t i = 0; i < count; ++i)
              request.add_video_ids()->set_value(videos[(first + i) % videos.size()]);
            return serialised(request);
          },
      .is_right =
          [](std::string_view, std::string_view answer) {
            return parsed<GetVideoPreviewsResponse>(answer).video_previews_size() == count;
          },
  };
}

Scenario related_videos(const KnownIds& ids) {
  using namespace suggested_videos;
  return {
      .method = "/killrvideo.suggested_videos.SuggestedVideoService/GetRelatedVideos",
      .next_request = any_prepared(required(ids.videos, "videos"),
                                   [](const std::string& id) {
                                     GetRelatedVideosRequest request;
                                     request.mutable_video_id()->set_value(id);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            const auto page = parsed<GetRelatedVideosResponse>(answer);
            const auto video = parsed<GetRelatedVideosRequest>(request).video_id().value();
            return page.video_id().value() == video && page.videos_size() == suggestions_per_page &&
                   page.videos(0).video_id().value() != video;
          },
      .shortest_answer = 100,
  };
}

Scenario suggested_videos_for_users(const KnownIds& ids) {
  using namespace suggested_videos;
  return {
      .method = "/killrvideo.suggested_videos.SuggestedVideoService/GetSuggestedForUser",
      .next_request = any_prepared(required(ids.users, "users"),
                                   [](const std::string& id) {
                                     GetSuggestedForUserRequest request;
                                     request.mutable_user_id()->set_value(id);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            const auto page = parsed<GetSuggestedForUserResponse>(answer);
            return page.user_id().value() ==
                       parsed<GetSuggestedForUserRequest>(request).user_id().value() &&
                   page.videos_size() == suggestions_per_page;
          },
      .shortest_answer = 100,
  };
}

/// Writes answer with a message without fields: to parse it is all there is to check.
template <class Response>
bool parses(std::string_view, std::string_view answer) {
  return Response().ParseFromArray(answer.data(), static_cast<int>(answer.size()));
}

Scenario record_playback(const KnownIds& ids) {
  using namespace statistics;
  return {
      .method = "/killrvideo.statistics.StatisticsService/RecordPlaybackStarted",
      .next_request = any_prepared(required(ids.videos, "videos"),
                                   [](const std::string& id) {
                                     RecordPlaybackStartedRequest request;
                                     request.mutable_video_id()->set_value(id);
                                     return request.SerializeAsString();
                                   }),
      .is_right = parses<RecordPlaybackStartedResponse>,
  };
}

Scenario comment_on_video(const KnownIds& ids) {
  using namespace comments;
  required(ids.videos, "videos");
  required(ids.users, "users");
  return {
      .method = "/killrvideo.comments.CommentsService/CommentOnVideo",
      .next_request =
          [videos = ids.videos, users = ids.users,
           request = std::make_shared<CommentOnVideoRequest>()](Random& random) {
            request->mutable_video_id()->set_value(any_of(videos, random));
            request->mutable_user_id()->set_value(any_of(users, random));
            request->mutable_comment_id()->set_value(TimeUuid::now().to_string());
            request->set_comment(
                "The second half is even better, and what a view over the harbour.");
            return serialised(*request);
          },
      .is_right = parses<CommentOnVideoResponse>,
  };
}

Scenario create_user(const KnownIds&) {
  using namespace user_management;
  return {
      .method = "/killrvideo.user_management.UserManagementService/CreateUser",
      .next_request =
          [request = std::make_shared<CreateUserRequest>()](Random&) {
            const std::string id = Uuid::random().to_string();
            request->mutable_user_id()->set_value(id);
            request->set_first_name("Ada");
            request->set_last_name("Lovelace");
            request->set_email(id + "@example.com");
            request->set_password("analytical engine");
            return serialised(*request);
          },
      .is_right = parses<CreateUserResponse>,
  };
}

Scenario rate_video(const KnownIds& ids) {
  using namespace ratings;
  required(ids.videos, "videos");
  required(ids.users, "users");
  return {
      .method = "/killrvideo.ratings.RatingsService/RateVideo",
      .next_request =
          [videos = ids.videos, users = ids.users,
           request = std::make_shared<RateVideoRequest>()](Random& random) {
            request->mutable_video_id()->set_value(any_of(videos, random));
            request->mutable_user_id()->set_value(any_of(users, random));
            request->set_rating(std::uniform_int_distribution(1, 5)(random));
            return serialised(*request);
          },
      .is_right = parses<RateVideoResponse>,
  };
}

Scenario search_videos(const KnownIds& ids) {
  using namespace search;
  return {
      .method = "/killrvideo.search.SearchService/SearchVideos",
      .next_request = any_prepared(required(ids.queries, "queries"),
                                   [](const std::string& query) {
                                     SearchVideosRequest request;
                                     request.set_query(query);
                                     request.set_page_size(hits_per_page);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            const auto page = parsed<SearchVideosResponse>(answer);
            return page.query() == parsed<SearchVideosRequest>(request).query() &&
                   page.videos_size() > 0;
          },
      .shortest_answer = 100,
  };
}

/// What is typed: the first letters of a query's last word.
Scenario query_suggestions(const KnownIds& ids) {
  using namespace search;
  return {
      .method = "/killrvideo.search.SearchService/GetQuerySuggestions",
      .next_request = any_prepared(required(ids.queries, "queries"),
                                   [](const std::string& query) {
                                     const auto last = query.rfind(' ') + 1;
                                     GetQuerySuggestionsRequest request;
                                     request.set_query(query.substr(0, last + 2));
                                     request.set_page_size(words_per_page);
                                     return request.SerializeAsString();
                                   }),
      .is_right =
          [](std::string_view request, std::string_view answer) {
            return parsed<GetQuerySuggestionsResponse>(answer).query() ==
                   parsed<GetQuerySuggestionsRequest>(request).query();
          },
      .shortest_answer = 3,
  };
}

const std::map<std::string, Scenario (*)(const KnownIds&), std::less<>> scenarios{
    {"ceiling", ceiling},
    {"comment-on-video", comment_on_video},
    {"create-user", create_user},
    {"get-video", get_video},
    {"latest-previews", latest_previews},
    {"previews-1", previews<1>},
    {"previews-20", previews<20>},
    {"query-suggestions", query_suggestions},
    {"rate-video", rate_video},
    {"record-playback", record_playback},
    {"related-videos", related_videos},
    {"suggested-videos", suggested_videos_for_users},
    {"search-videos", search_videos},
    {"video-comments", video_comments},
};

}  // namespace

KnownIds KnownIds::read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read the ids in " + path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto ids = boost::json::parse(text).as_object();
  const auto list = [&](const char* name) {
    return boost::json::value_to<std::vector<std::string>>(ids.at(name));
  };
  return {.videos = list("videos"),
          .commented_videos = list("commented_videos"),
          .users = list("users"),
          .queries = list("queries"),
          .walked_video = boost::json::value_to<std::string>(ids.at("walked_video"))};
}

Scenario make_scenario(std::string_view name, const KnownIds& ids) {
  const auto found = scenarios.find(name);
  if (found == scenarios.end()) {
    throw std::invalid_argument("unknown scenario " + std::string(name));
  }
  return found->second(ids);
}

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : scenarios) names.push_back(name);
  return names;
}

}  // namespace killrvideo::bench
