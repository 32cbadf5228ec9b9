#include "generate/world.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <unordered_set>

#include "catalog/youtube.hpp"
#include "common/expects.hpp"
#include "common/text.hpp"

namespace killrvideo::generate {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

// Users come before the first video, and their doings end some time after the last one.
constexpr Timestamp first_user = sys_days{2014y / 1 / 1};
constexpr Timestamp first_video = sys_days{2016y / 1 / 1};
constexpr Timestamp last_video = sys_days{2025y / 1 / 1};
constexpr Timestamp the_end = sys_days{2025y / 7 / 1};

// Argon2id of `password` with the program's usual cost, made once: a fresh salt would make other
// data at every run.
constexpr std::string_view password_hash =
    "$argon2id$v=19$m=19456,t=2,p=1$kVd3BR4lSouPtR0IBYr60Q$5VjcX4WTnCZpZCWEGCjewegIVL0ceza6+3K0bOL+"
    "+k8";

constexpr std::string_view id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t youtube_id_size = 11;

constexpr std::array<std::string_view, 3> mail_domains{"example.org", "example.com", "example.net"};

// Of 100 ratings, how many give 1 to 5 stars: most videos are liked by those who rate them.
using Opinion = std::array<std::uint64_t, 5>;
constexpr std::array<Opinion, 4> opinions{
    {{2, 2, 6, 20, 70}, {3, 4, 12, 33, 48}, {3, 4, 12, 33, 48}, {12, 13, 25, 28, 22}}};

Timestamp between(Timestamp begin, Timestamp end, Random& random) {
  const auto span = static_cast<std::uint64_t>((end - begin).count());
  return begin + std::chrono::milliseconds(random.below(span));
}

// Most of what people do with a video they do when it is new.
Timestamp after(Timestamp added, Random& random) {
  const auto one = between(added, the_end, random);
  const auto other = between(added, the_end, random);
  return std::min(one, other);
}

std::string youtube_id_from(Random& random) {
  std::string id;
  while (id.size() < youtube_id_size) id += random.pick(id_characters);
  return id;
}

std::int32_t stars(const Opinion& opinion, Random& random) {
  auto percent = random.below(100);
  std::int32_t stars = 1;
  for (const auto share : opinion) {
    if (percent < share) break;
    percent -= share;
    ++stars;
  }
  return stars;
}

}  // namespace

World::World(const Sizes& sizes, std::uint64_t seed)
    : sizes_(sizes),
      seed_(seed),
      uploaders_(sizes.users, 3),
      active_users_(sizes.users, 20),
      video_ranks_(sizes.videos, 3),
      by_popularity_(sizes.videos) {
  std::iota(by_popularity_.begin(), by_popularity_.end(), 0u);
  Random random(seed, Purpose::popularity);
  for (std::size_t left = by_popularity_.size(); left > 1; --left)
    std::swap(by_popularity_[left - 1], by_popularity_[random.below(left)]);
}

UserId World::user_id(std::uint64_t index) const {
  return UserId(Random(seed_, Purpose::user, index).uuid());
}

User World::user(std::uint64_t index) const {
  expects(index < sizes_.users, "the user is one of the world");
  Random random(seed_, Purpose::user, index);
  User user{};
  user.userid = UserId(random.uuid());
  user.firstname = random.pick(first_names);
  user.lastname = random.pick(last_names);
  user.created_date = between(first_user, first_video, random);
  user.email = user.firstname + "." + std::to_string(index + 1) + "@";
  user.email += random.pick(mail_domains);
  return user;
}

UserCredentials World::credentials(std::uint64_t index) const {
  const User account = user(index);
  return {fold_case(account.email), std::string(password_hash), account.userid, std::nullopt};
}

// The years are divided into as many parts as there are videos, so that no two have one time.
Timestamp World::added_date(std::uint64_t video) const {
  const auto part = static_cast<std::uint64_t>((last_video - first_video).count()) / sizes_.videos;
  const auto within = Random(seed_, Purpose::date, video).below(part);
  return first_video + std::chrono::milliseconds(video * part + within);
}

World::Beginning World::beginning(std::uint64_t video) const {
  expects(video < sizes_.videos, "the video is one of the world");
  Random random(seed_, Purpose::video, video);
  const VideoId id(random.uuid());
  const Subject subject = texts_.subject(random);
  return {id, added_date(video), subject};
}

Video World::video(std::uint64_t index) const {
  const auto [id, added, subject] = beginning(index);
  Random random(seed_, Purpose::details, index);
  Video video{};
  video.videoid = id;
  video.added_date = added;
  video.userid = user_id(uploaders_.draw(random));
  video.name = texts_.title(subject, random);
  video.description = texts_.description(subject, random);
  video.tags = texts_.tags(subject, random);
  video.location = youtube_id_from(random);
  video.location_type = location_youtube;
  video.preview_image_location = youtube_preview(video.location);
  return video;
}

std::vector<std::uint64_t> World::counts(std::uint64_t total, std::uint64_t most) const {
  std::vector<std::uint64_t> counts(sizes_.videos);
  Random random(seed_, Purpose::counts, total);
  for (std::uint64_t i = 0; i < total; ++i) ++counts[by_popularity_[video_ranks_.draw(random)]];
  // What the most popular ones cannot have goes to the next.
  std::uint64_t excess = 0;
  for (int round = 0; round < 2; ++round) {
    for (const auto video : by_popularity_) {
      const auto wanted = counts[video] + excess;
      counts[video] = std::min(wanted, most);
      excess = wanted - counts[video];
    }
  }
  expects(excess == 0, "the videos have room for the total");
  return counts;
}

void World::comments(std::uint64_t video, std::uint64_t count,
                     const std::function<void(const CommentByVideo&)>& sink) const {
  if (count == 0) return;
  const auto about = beginning(video);
  Random random(seed_, Purpose::comments, video);
  for (std::uint64_t i = 0; i < count; ++i) {
    CommentByVideo comment{};
    comment.videoid = about.id;
    const auto time = after(about.added, random);
    comment.commentid = CommentId(TimeUuid::at(time, random.next()));
    comment.userid = user_id(active_users_.draw(random));
    comment.comment = texts_.comment(about.subject, random);
    sink(comment);
  }
}

// Active users more often than others while there are plenty to choose from; else any.
std::vector<std::uint64_t> World::distinct_users(std::uint64_t count, Random& random) const {
  expects(count <= sizes_.users, "there are as many users");
  std::vector<std::uint64_t> chosen;
  std::unordered_set<std::uint64_t> seen;
  auto choose = [&](std::uint64_t user) {
    const bool fresh = seen.insert(user).second;
    if (fresh) chosen.push_back(user);
    return fresh;
  };
  if (count <= sizes_.users / 8) {
    while (chosen.size() < count) choose(active_users_.draw(random));
  } else {
    // Floyd's way: where the number drawn is taken already, the last one cannot be.
    for (auto last = sizes_.users - count; last < sizes_.users; ++last)
      if (!choose(random.below(last + 1))) choose(last);
  }
  return chosen;
}

std::vector<VideoRatingByUser> World::ratings(std::uint64_t video, std::uint64_t count) const {
  std::vector<VideoRatingByUser> ratings;
  if (count == 0) return ratings;
  const auto about = beginning(video);
  Random random(seed_, Purpose::ratings, video);
  const Opinion& opinion = random.pick(opinions);
  for (const auto user : distinct_users(count, random)) {
    const auto given = stars(opinion, random);
    ratings.push_back({about.id, user_id(user), given, after(about.added, random)});
  }
  return ratings;
}

}  // namespace killrvideo::generate
