#include "app/sample_data.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/sample_films.hpp"
#include "catalog/catalog.hpp"
#include "comments/comments.hpp"
#include "ratings/ratings.hpp"
#include "statistics/statistics.hpp"
#include "users/users.hpp"

namespace killrvideo {
namespace {

// More than any film of the sample has.
constexpr int most_comments = 100;

template <class Id>
Id id_from(std::string_view text) {
  const auto uuid = Uuid::parse(text);
  if (!uuid) throw std::logic_error("the sample has a malformed id");
  return Id(*uuid);
}

UserId user_id(std::size_t index) { return id_from<UserId>(sample_users()[index].id); }

bool is_sample(const VideoId& video) {
  return std::ranges::any_of(sample_films(), [&](const SampleFilm& film) {
    return id_from<VideoId>(film.video.id) == video;
  });
}

/// Each step looks at what is there and adds what is missing, so that it can be repeated after a
/// start that was cut off.
class SampleWriter {
 public:
  explicit SampleWriter(storage::Store& store)
      : users_(store, passwords_, {}),
        catalog_(store),
        comments_(store),
        ratings_(store),
        statistics_(store) {}

  /// Whether all videos in the store, which may be none, are of the sample.
  bool has_no_other_videos() {
    PageRequest<Catalog::Start> request;
    request.page_size = static_cast<int>(sample_films().size()) + 1;
    const auto page = run(catalog_.latest(context_, request));
    return std::ranges::all_of(page.rows,
                               [](const LatestVideo& video) { return is_sample(video.videoid); });
  }

  bool is_complete() {
    std::vector<VideoId> ids;
    for (const auto& film : sample_films()) ids.push_back(id_from<VideoId>(film.video.id));
    return run(catalog_.previews(context_, ids)).size() == ids.size();
  }

  void add_user(const SampleUser& user) try {
    const std::vector ids{id_from<UserId>(user.id)};
    if (!run(users_.profiles(context_, ids)).empty()) return;
    NewUser account{ids[0], std::string(user.first_name), std::string(user.last_name),
                    std::string(user.email), std::string(sample_password)};
    run(users_.create(context_, account));
  } catch (const Error& error) {
    // Somebody has this e-mail address already; the films are worth seeing all the same.
    if (error.code() != Code::already_exists) throw;
  }

  void add_film(const SampleFilm& film) {
    const auto id = id_from<VideoId>(film.video.id);
    submit(id, film);
    add_comments(id, film);
    for (std::size_t user = 0; user < film.reception.stars.size(); ++user)
      if (film.reception.stars[user] != '-')
        rate(id, user_id(user), film.reception.stars[user] - '0');
    play(id, film.reception.plays);
  }

 private:
  void submit(VideoId id, const SampleFilm& film) {
    NewYouTubeVideo video{id,
                          user_id(film.reception.uploader),
                          std::string(film.video.name),
                          std::string(film.description),
                          {film.tags.begin(), film.tags.end()},
                          std::string(film.video.youtube_id)};
    run(catalog_.submit(context_, video));
  }

  // They are added in order, so those that are there are the first ones.
  void add_comments(VideoId id, const SampleFilm& film) {
    PageRequest<std::tuple<CommentId>> request;
    request.page_size = most_comments;
    const auto page = run(comments_.of_video(context_, id, request));
    for (std::size_t i = page.rows.size(); i < film.comments.size(); ++i) {
      const auto& comment = film.comments[i];
      NewComment added{CommentId(TimeUuid::now()), id, user_id(comment.user),
                       std::string(comment.text)};
      run(comments_.comment_on_video(context_, added));
    }
  }

  void rate(VideoId id, UserId user, std::int32_t stars) {
    if (run(ratings_.rating_of_user(context_, id, user)) == 0)
      run(ratings_.rate(context_, id, user, stars));
  }

  void play(VideoId id, std::int64_t wanted) {
    const std::vector ids{id};
    const auto stats = run(statistics_.plays(context_, ids));
    for (auto played = stats[0].views.value; played < wanted; ++played)
      run(statistics_.record_playback(context_, id));
  }

  Passwords passwords_{1, 1};
  Users users_;
  Catalog catalog_;
  Comments comments_;
  Ratings ratings_;
  Statistics statistics_;
  const Context context_{};
};

std::string comments_request(const SampleFilm& film) {
  return R"({"video_id": {"value": ")" + std::string(film.video.id) + R"("}, "page_size": 5})";
}

std::string login_request(const SampleUser& user) {
  return R"({"email": ")" + std::string(user.email) + R"(", "password": ")" +
         std::string(sample_password) + R"("})";
}

}  // namespace

bool add_sample_data(storage::Store& store) {
  SampleWriter writer(store);
  if (writer.has_no_other_videos()) {
    for (const auto& user : sample_users()) writer.add_user(user);
    for (const auto& film : sample_films()) writer.add_film(film);
  }
  return writer.is_complete();
}

std::vector<SampleCall> sample_calls(const std::set<Service>& offered) {
  std::vector<SampleCall> calls;
  const auto& newest = sample_films().back();
  if (offered.contains(Service::catalog))
    calls.push_back({"GetLatestVideoPreviews", R"({"page_size": 5})"});
  if (offered.contains(Service::comments))
    calls.push_back({"GetVideoComments", comments_request(newest)});
  if (offered.contains(Service::search))
    calls.push_back({"SearchVideos", R"({"query": "bunny", "page_size": 5})"});
  if (offered.contains(Service::users))
    calls.push_back({"VerifyCredentials", login_request(sample_users().front())});
  return calls;
}

}  // namespace killrvideo
