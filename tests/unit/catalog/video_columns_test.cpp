// What each column of `videos` is part of. A new column has to be decided on here.
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <map>

#include "catalog/catalog.hpp"
#include "search/document.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

// "content": a submission that differs in it is another video, not a repetition.
// "searched": the search index is brought up to date when it changes.
// "listed": latest_videos or user_videos have a copy.
const std::map<std::string, std::string> expected_uses{
    {"userid", "content listed"},
    {"name", "content searched listed"},
    {"description", "content searched"},
    {"location", "content"},
    {"location_type", ""},
    {"preview_image_location", "listed"},
    {"tags", "content searched"},
    {"added_date", "searched listed"},
    {"content_rating", ""},
    {"category", ""},
    {"language", ""},
    {"content_features", ""},
};

void change(std::string& value) { value += " and more"; }
void change(std::optional<std::string>& value) { value = value.value_or("") + "more"; }
void change(std::optional<UserId>& value) { value = UserId(Uuid::random()); }
void change(std::optional<Timestamp>& value) { value = value.value() + std::chrono::hours(1); }
void change(std::int32_t& value) { ++value; }
void change(storage::TextSet& value) { value.insert("more"); }
void change(std::optional<storage::FloatVector<384>>& value) {
  value = storage::FloatVector<384>{};
  value->values[0] = 0.5F;
}

NewYouTubeVideo submission(VideoId id, UserId user) {
  return {id, user, "A video", "What it shows", {"one", "two"}, "dQw4w9WgXcQ"};
}

bool is_refused(Catalog& catalog, NewYouTubeVideo submitted) {
  try {
    run(catalog.submit({}, std::move(submitted)));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::already_exists) << error.what();
    return true;
  }
  return false;
}

template <class Table, class Row>
std::string bytes_of(const Table&, const Row& row) {
  return Table::key_of(row).bytes() + Table::values_of(row).bytes();
}

std::string copies_of(const Video& video) {
  return bytes_of(latest_videos, latest_video_of(video).value()) +
         bytes_of(user_videos, user_video_of(video).value());
}

template <class Member>
std::string uses_of(Member member) {
  storage::TemporaryStore store;
  Catalog catalog(*store);
  const VideoId id(Uuid::random());
  const UserId user(Uuid::random());
  run(catalog.submit({}, submission(id, user)));
  const Video before = run(catalog.video({}, id));
  Video after = before;
  change(after.*member.pointer);
  storage::Batch batch;
  batch.insert(videos, after);
  run(store->commit({}, std::move(batch)));

  std::vector<std::string_view> uses;
  if (is_refused(catalog, submission(id, user))) uses.emplace_back("content");
  if (fingerprint_of(before) != fingerprint_of(after)) uses.emplace_back("searched");
  if (copies_of(before) != copies_of(after)) uses.emplace_back("listed");
  return fmt::format("{}", fmt::join(uses, " "));
}

TEST(VideoColumns, AreDecidedOnOneByOne) {
  using Columns = boost::describe::describe_members<Video, boost::describe::mod_public>;
  std::map<std::string, std::string> uses;
  boost::mp11::mp_for_each<boost::mp11::mp_pop_front<Columns>>(
      [&](auto member) { uses[member.name] = uses_of(member); });
  EXPECT_EQ(uses, expected_uses);
}

}  // namespace
}  // namespace killrvideo
