// The index in OpenSearch against the embedded one: both are to give the same answers.
#include <gmock/gmock.h>

#include <random>
#include <set>

#include "events/eventually.hpp"
#include "search/opensearch/index.hpp"
#include "search/opensearch/questions.hpp"
#include "search/opensearch/server.hpp"
#include "search/sample_index.hpp"

namespace killrvideo {
namespace {

using ::testing::ElementsAre;

constexpr std::size_t video_count = 400;

class OpenSearchIndex : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    options = opensearch::test_options();
    remote = std::make_unique<opensearch::Index>(options);
    embedded = std::make_unique<SampleIndex>();
    std::mt19937 random(7);
    std::vector<IndexedVideo> videos;
    for (std::size_t i = 0; i < video_count; ++i) {
      videos.push_back(indexed(i, {text(random, 4), text(random, 3), text(random, 8)}));
      videos.back().added = Timestamp(std::chrono::milliseconds(i));
    }
    for (SearchIndex* index : indexes()) build(*index, videos);
  }

  static void TearDownTestSuite() {
    remote.reset();
    opensearch::remove_all_indexes(options);
    embedded.reset();
  }

  static std::vector<SearchIndex*> indexes() { return {&embedded->index, remote.get()}; }

  static void build(SearchIndex& index, const std::vector<IndexedVideo>& videos) {
    const auto id = Uuid::random();
    auto build = index.build(id);
    for (const auto& video : videos) build->add(video);
    build->finish();
    build->keep();
    build.reset();
    ASSERT_TRUE(index.open(id));
  }

  static std::string text(std::mt19937& random, std::size_t most) {
    std::string text;
    for (auto words = random() % (most + 1); words > 0; --words)
      text += similar_words[random() % similar_words.size()] + " ";
    return text;
  }

  // Walks through all pages.
  static std::vector<std::size_t> found(SearchIndex& index, const std::vector<std::string>& words,
                                        std::size_t page_size) {
    std::vector<std::size_t> numbers;
    SearchFrom from;
    for (;;) {
      const auto page = run(index.search(Context{}, words, from, page_size));
      for (const auto& hit : page.hits) numbers.push_back(number_of(hit.video));
      if (page.hits.size() < page_size) return numbers;
      from = {page.query_state, page.hits.back().cursor};
    }
  }

  static inline opensearch::Options options;
  static inline std::unique_ptr<opensearch::Index> remote;
  static inline std::unique_ptr<SampleIndex> embedded;
};

TEST_F(OpenSearchIndex, FindsTheSameInTheSameOrder) {
  std::mt19937 random(11);
  for (int i = 0; i < 150; ++i) {
    auto words = words_of(text(random, 4));
    // Some are misspelt.
    for (auto& word : words)
      if (random() % 3 == 0 && static_cast<unsigned char>(word[0]) < 0x80) word[0] = 'q';
    std::ranges::sort(words);
    words.erase(std::ranges::unique(words).begin(), words.end());
    const auto page_size = 20 + random() % 400;
    EXPECT_EQ(found(*remote, words, page_size), found(embedded->index, words, page_size))
        << ::testing::PrintToString(words);
  }
}

TEST_F(OpenSearchIndex, KnowsTheSameCompletions) {
  for (const std::string beginning : {"c", "ca", "cafe", "cat", "z", "e", "o", "o'", "l'", "q"}) {
    std::optional<CompletionWord> after;
    for (const std::size_t limit : {1u, 2u, 3u, 100u}) {
      const auto expected = embedded->completions(beginning, after, limit);
      EXPECT_EQ(words_in(run(remote->completions(Context{}, beginning, after, limit))), expected)
          << beginning << " after " << (after ? after->spelling : "nothing");
      if (!expected.empty()) after = expected.back();
    }
  }
}

TEST_F(OpenSearchIndex, HasTheSameVideos) {
  const auto numbers = [](SearchIndex& index, const CompletionWord& word) {
    std::set<std::size_t> numbers;
    for (const auto& entry : run(index.videos_with(Context{}, word, 1'000)))
      numbers.insert(number_of(entry.video));
    return numbers;
  };
  for (const CompletionWord& word :
       {CompletionWord{"okapi", "okapi"}, {"cafe", "cafe"}, {"cafe", "café"}, {"cat's", "cat's"}})
    EXPECT_EQ(numbers(*remote, word), numbers(embedded->index, word)) << word.spelling;
}

TEST_F(OpenSearchIndex, HasTheSameEntries) {
  const std::vector<VideoId> ids{sample_id(7), sample_id(60'000), sample_id(1)};
  const auto ours = run(embedded->index.entries(Context{}, ids));
  const auto theirs = run(remote->entries(Context{}, ids));
  ASSERT_EQ(theirs.size(), ids.size());
  EXPECT_FALSE(theirs[1]);
  EXPECT_FALSE(ours[1]);
  for (const auto* entries : {&ours, &theirs}) {
    for (const std::size_t i : {0u, 2u}) {
      const auto& entry = entries->at(i);
      ASSERT_TRUE(entry);
      EXPECT_EQ(entry->video, ids[i]);
      EXPECT_EQ(entry->fingerprint, ours[i]->fingerprint);
      EXPECT_EQ(entry->added, Timestamp(std::chrono::milliseconds(number_of(ids[i]))));
    }
  }
}

// The words are near the limits of what an index takes.
TEST_F(OpenSearchIndex, CompletesTheLongestWords) {
  SampleIndex embedded_one;
  const std::string long_word(most_completion_bytes - 1, 'y');
  const std::string wide = [] {
    std::string letters;
    while (letters.size() + 2 <= most_completion_bytes) letters += "й";
    return letters;
  }();
  const SampleVideo video{long_word + "a " + long_word + "b " + wide, "", "ii й"};
  const auto at = Timestamp(std::chrono::hours(1'000'000));
  for (SearchIndex* index :
       {static_cast<SearchIndex*>(&embedded_one.index), static_cast<SearchIndex*>(remote.get())}) {
    index->apply({{indexed(50'001, video)}, {}, at}, {});
    const auto y = words_in(run(index->completions(Context{}, "yy", {}, 10)));
    ASSERT_EQ(y.size(), 2u);
    EXPECT_EQ(words_in(run(index->completions(Context{}, "yy", y[0], 10))), std::vector{y[1]});
    EXPECT_EQ(y[1].spelling, long_word + "b");
    const auto i = words_in(run(index->completions(Context{}, "и", {}, 10)));
    ASSERT_EQ(i.size(), 1u);
    EXPECT_EQ(i[0].spelling, wide);
    EXPECT_TRUE(run(index->completions(Context{}, "и", i[0], 10)).empty());
  }
  remote->apply({{}, {sample_id(50'001)}, at}, {});
}

TEST_F(OpenSearchIndex, KeepsWhatWasReadLater) {
  const auto at = [](int time) { return Timestamp(std::chrono::hours(1'000'000 + time)); };
  const auto put = [&](const std::string& name, int time) {
    remote->apply({{indexed(50'000, {name})}, {}, at(time)}, {});
  };
  const auto is_found = [&](const std::string& word) {
    return !found(*remote, {word}, 10).empty();
  };
  put("lionnewer", 2);
  put("lionolder", 1);
  EXPECT_TRUE(is_found("lionnewer"));
  EXPECT_FALSE(is_found("lionolder"));
  remote->apply({{}, {sample_id(50'000)}, at(1)}, {});
  EXPECT_TRUE(is_found("lionnewer"));
  remote->apply({{}, {sample_id(50'000)}, at(3)}, {});
  put("lionnewer", 2);
  EXPECT_FALSE(is_found("lionnewer"));
}

TEST_F(OpenSearchIndex, RefusesCursorsOfOthers) {
  const auto page = embedded->search("cat", {}, 1);
  EXPECT_THROW(run(remote->search(Context{}, {"cat"}, {page.query_state, page.hits[0].cursor}, 1)),
               Error);
}

// The indexes that the alias names.
std::vector<Uuid> named_by_the_alias(opensearch::IndexAdmin& admin) {
  std::vector<Uuid> ids;
  for (const auto& found : admin.list())
    if (found.in_use) ids.push_back(found.id.value());
  return ids;
}

TEST(OpenSearchIndexes, OfTwoThatAreTakenIntoUseAtTheSameTimeOneStays) {
  const auto options = opensearch::test_options();
  opensearch::Client client(options);
  opensearch::IndexAdmin other_process(client, options);
  opensearch::Index index(options);
  const auto own = Uuid::random(), other = Uuid::random();
  for (const auto& id : {own, other}) {
    auto build = index.build(id);
    build->add(indexed(1, {"cat"}));
    build->finish();
    build->keep();
  }
  const auto seen_before = other_process.list();
  ASSERT_TRUE(index.open(own));
  other_process.switch_to(other, seen_before);
  EXPECT_THAT(named_by_the_alias(other_process), ElementsAre(other));
  EXPECT_EQ(run(index.search(Context{}, {"cat"}, {}, 10)).hits.size(), 1);
  EXPECT_TRUE(eventually([&] {
    const auto found = other_process.list();
    const auto at = std::ranges::find(found, std::optional(own), &opensearch::FoundIndex::id);
    return at == found.end() || at->retired;
  }));
  opensearch::remove_all_indexes(options);
}

TEST(SearchExpressions, AreOfKeysAfterAnother) {
  const std::string last = "-\xF4\x8F\xBF\xBF].*";
  EXPECT_EQ(opensearch::keys_after("ca", {}), "ca[!" + last);
  EXPECT_EQ(opensearch::keys_after("c", CompletionWord{"cb", "ç"}),
            "c(b( (ç(.+)|[è" + last + ")|[!" + last + ")|[c" + last + ")");
}

}  // namespace
}  // namespace killrvideo
