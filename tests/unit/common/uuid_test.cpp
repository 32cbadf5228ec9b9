#include "common/uuid.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <thread>

#include "common/error.hpp"

namespace killrvideo {
namespace {

using namespace std::chrono;

TEST(Uuid, ReadsTheCanonicalFormInAnyCaseAndWritesLowerCase) {
  auto uuid = Uuid::parse("0F6644AB-b9cd-41f0-9A37-62bc60f3bc08");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->to_string(), "0f6644ab-b9cd-41f0-9a37-62bc60f3bc08");
  EXPECT_EQ(uuid->version(), 4);
}

TEST(Uuid, ReadsNothingElse) {
  for (const char* text :
       {"", "0f6644ab", "0f6644abb9cd41f09a3762bc60f3bc08",
        "{0f6644ab-b9cd-41f0-9a37-62bc60f3bc08}", "0f6644ab-b9cd-41f0-9a37-62bc60f3bc0g",
        "0f6644ab-b9cd-41f0-9a37-62bc60f3bc0", "0f6644ab-b9cd-41f0-9a37-62bc60f3bc088",
        "0f6644ab-b9cd-41f0-9a3762-bc60f3bc08", " 0f6644ab-b9cd-41f0-9a37-62bc60f3bc0"})
    EXPECT_FALSE(Uuid::parse(text)) << text;
}

RC_GTEST_PROP(Uuid, SurvivesItsText, (const std::array<std::uint8_t, 16>& bytes)) {
  Uuid uuid{bytes};
  auto read = Uuid::parse(uuid.to_string());
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == uuid);
}

RC_GTEST_PROP(Uuid, SurvivesItsBytes, (const std::array<std::uint8_t, 16>& bytes)) {
  const Uuid uuid{bytes};
  RC_ASSERT(uuid.view().size() == bytes.size());
  RC_ASSERT(Uuid::from(uuid.view()) == uuid);
  RC_ASSERT(Uuid::from<VideoId>(uuid.view()) == VideoId(uuid));
}

TEST(Uuid, RefusesBytesThatAreNoId) {
  for (const std::size_t size : {0u, 15u, 17u, 32u})
    EXPECT_THROW(Uuid::from(std::string(size, 'x')), Error) << size;
}

TEST(Uuid, SortsByVersionThenTimeThenBytes) {
  const auto key_of = [](const char* text) { return Uuid::parse(text).value().sort_key(); };
  EXPECT_LT(key_of("ffffffff-ffff-1fff-bfff-ffffffffffff"),
            key_of("00000000-0000-4000-8000-000000000000"));
  EXPECT_LT(key_of("ffffffff-0001-1000-8000-000000000000"),
            key_of("00000000-0002-1000-8000-000000000000"));
  EXPECT_LT(key_of("00000000-0002-4000-8000-000000000000"),
            key_of("00000001-0001-4000-8000-000000000000"));
}

TEST(TimeUuid, IsOfVersion1Only) {
  EXPECT_TRUE(TimeUuid::parse("090f6644-b9cd-11f0-9a37-62bc60f3bc08"));
  EXPECT_FALSE(TimeUuid::parse("090f6644-b9cd-41f0-9a37-62bc60f3bc08"));
}

TEST(TimeUuid, TellsItsTime) {
  // 2025-11-04T21:58:38.3…Z, as other implementations read this id of the public data set.
  auto id = TimeUuid::parse("090f6644-b9cd-11f0-9a37-62bc60f3bc08");
  auto day = floor<days>(id->timestamp());
  EXPECT_EQ(year_month_day{day}, (year{2025} / November / 4));
}

RC_GTEST_PROP(TimeUuid, KeepsMilliseconds, ()) {
  auto ms = *rc::gen::inRange<std::int64_t>(-12'219'292'800'000, 90'000'000'000'000);
  Timestamp time{milliseconds{ms}};
  auto id = TimeUuid::at(time, *rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(id.version() == 1);
  RC_ASSERT(id.timestamp() == time);
}

TEST(TimeUuid, IsUniqueAcrossThreads) {
  constexpr int threads = 4, each = 5'000;
  std::vector<std::vector<TimeUuid>> made(threads);
  {
    std::vector<std::jthread> workers;
    for (auto& mine : made)
      workers.emplace_back([&mine] {
        for (int i = 0; i < each; ++i) mine.push_back(TimeUuid::now());
      });
  }
  std::set<std::string> all;
  for (const auto& mine : made)
    for (const TimeUuid& id : mine) all.insert(id.to_string());
  EXPECT_EQ(all.size(), std::size_t{threads} * each);
}

}  // namespace
}  // namespace killrvideo
