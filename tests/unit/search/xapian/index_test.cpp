// What is particular to the index that Xapian keeps: numbers of documents, failures.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "search/sample_index.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A limit of the process, for as long as this lives.
class Limit {
 public:
  Limit(__rlimit_resource resource, rlim_t limit) : resource_(resource) {
    ::getrlimit(resource_, &before_);
    const rlimit now{limit, before_.rlim_max};
    ::setrlimit(resource_, &now);
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { ::setrlimit(resource_, &before_); }

 private:
  const __rlimit_resource resource_;
  rlimit before_{};
};

Error error_of(auto&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::internal, "no error");
}

TEST(XapianIndex, AWalkGoesOnOverWhatWasAddedWhileANewOneWasBuilt) {
  SampleIndex index({{"zebra"}, {"zebra"}, {"zebra"}});
  const auto id = Uuid::random();
  auto build = index.index.build(id);
  build->add(indexed(0, {"zebra"}));
  build->add(indexed(3, {"zebra"}));  // found in the store, and refreshed later
  for (std::size_t number : {3u, 4u, 5u}) index.put(number, {"zebra"});
  for (std::size_t number : {1u, 2u}) build->add(indexed(number, {"zebra"}));
  const auto first = index.search("zebra", {}, 2);
  ASSERT_THAT(number_of(first.hits[1].video), 4u);
  build->finish();
  for (std::size_t number : {5u, 4u, 3u}) build->apply({{indexed(number, {"zebra"})}, {}});
  build->keep();
  build.reset();
  ASSERT_TRUE(index.index.open(id));
  EXPECT_THAT(index.found("zebra"), ElementsAre(5, 4, 3, 2, 1, 0));
  std::vector<std::size_t> rest;
  for (const auto& hit : index.search("zebra", {first.query_state, first.hits[1].cursor}).hits)
    rest.push_back(number_of(hit.video));
  EXPECT_THAT(rest, ElementsAre(3, 2, 1, 0));
}

TEST(XapianIndex, WhatIsKeptInMemoryIsOfTheIndexAsItIs) {
  SampleIndex index({{"zebra"}, {"zebra crossing"}});
  EXPECT_THAT(index.found("zebra"), ElementsAre(0, 1));
  EXPECT_THAT(index.found("zebra"), ElementsAre(0, 1));
  index.put(2, {"zebra"});
  EXPECT_THAT(index.found("zebra"), ElementsAre(2, 0, 1));
  index.put(2, {"a crossing", "", "of a zebra"});
  EXPECT_THAT(index.found("zebra"), ElementsAre(0, 1, 2));
  index.remove(0);
  EXPECT_THAT(index.found("zebra"), ElementsAre(1, 2));
  index.rebuild({{"okapi"}, {"zebra"}});
  EXPECT_THAT(index.found("zebra"), ElementsAre(1));
}

TEST(XapianIndex, AWordThatIsTooLongIsRefusedAndChangesNothing) {
  SampleIndex index({{"zebra"}});
  const IndexedVideo bad{.id = sample_id(1),
                         .name = {"lion", std::string(most_word_bytes + 1, 'x')}};
  const auto id = Uuid::random();
  auto build = index.index.build(id);
  build->add(indexed(0, {"zebra"}));
  EXPECT_EQ(error_of([&] { build->add(bad); }).code(), Code::internal);
  build->add(indexed(2, {"lion"}));
  build->finish();
  EXPECT_EQ(error_of([&] { build->apply({{bad}, {}}); }).code(), Code::internal);
  build->apply({{indexed(3, {"lion"})}, {}});
  build->keep();
  build.reset();
  ASSERT_TRUE(index.index.open(id));
  const IndexChanges changes{{indexed(4, {"lion"}), bad}, {sample_id(0)}};
  EXPECT_EQ(error_of([&] { index.index.apply(changes, {}); }).code(), Code::internal);
  EXPECT_THAT(index.found("lion"), ElementsAre(3, 2));
  EXPECT_THAT(index.found("zebra"), ElementsAre(0));
}

TEST(XapianIndex, WithoutDescriptorsForAMomentItIsNotTakenForDamaged) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "UndefinedBehaviorSanitizer looks at objects through a pipe, so it takes two";
#endif
  SampleIndex index({{"zebra"}});
  {
    const Limit none(RLIMIT_NOFILE, 3);
    const auto error = error_of([&] { index.search("zebra"); });
    EXPECT_EQ(error.code(), Code::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("open files"));
  }
  EXPECT_FALSE(index.index.broken());
  EXPECT_THAT(index.found("zebra"), ElementsAre(0));
}

TEST(XapianIndex, ACommitThatFailsSaysWhyAndChangesNothing) {
  SampleIndex index({{"zebra"}});
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  {
    const Limit small(RLIMIT_FSIZE, 1);
    const auto error = error_of([&] { index.put(1, {"zebra"}); });
    EXPECT_EQ(error.code(), Code::unavailable);
    EXPECT_THAT(error.what(), Not(HasSubstr("InvalidOperation")));
    EXPECT_THAT(error.what(), HasSubstr("File too large"));
  }
  std::signal(SIGXFSZ, ignored);
  EXPECT_THAT(index.found("zebra"), ElementsAre(0));
  index.put(2, {"zebra"});
  EXPECT_THAT(index.found("zebra"), ElementsAre(2, 0));
}

}  // namespace
}  // namespace killrvideo
