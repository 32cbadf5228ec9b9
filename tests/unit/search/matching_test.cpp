// What matches, against a search that looks at every video; and walks while the index changes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "search/sample_index.hpp"

namespace killrvideo {
namespace {

rc::Gen<std::string> text(int most) {
  return rc::gen::map(rc::gen::resize(most, rc::gen::container<std::vector<std::string>>(
                                                rc::gen::elementOf(similar_words))),
                      [](const std::vector<std::string>& words) {
                        std::string joined;
                        for (const auto& word : words) joined += word + ", ";
                        return joined;
                      });
}

rc::Gen<SampleVideo> video() {
  return rc::gen::build<SampleVideo>(rc::gen::set(&SampleVideo::name, text(4)),
                                     rc::gen::set(&SampleVideo::tags, text(3)),
                                     rc::gen::set(&SampleVideo::description, text(8)));
}

rc::Gen<std::vector<SampleVideo>> some_videos() {
  return rc::gen::resize(30, rc::gen::container<std::vector<SampleVideo>>(video()));
}

std::set<std::string> words_in(const SampleVideo& video) {
  const auto words = words_of(video.name + " " + video.tags + " " + video.description);
  return {words.begin(), words.end()};
}

std::set<std::string> words_in(const std::vector<SampleVideo>& videos) {
  std::set<std::string> all;
  for (const auto& video : videos) all.merge(words_in(video));
  return all;
}

std::u32string letters(const std::string& word) {
  std::u32string letters;
  for (std::size_t at = 0; at < word.size();) {
    const auto lead = static_cast<unsigned char>(word[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t packed = 0;  // the bytes themselves tell letters apart
    for (std::size_t i = 0; i < size; ++i)
      packed = packed << 8 | static_cast<unsigned char>(word[at + i]);
    letters += packed;
    at += size;
  }
  return letters;
}

// The whole table, as in the textbook.
std::size_t distance(const std::string& one, const std::string& other) {
  const auto a = letters(one);
  const auto b = letters(other);
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

// The words that a word of a query stands for.
std::set<std::string> meant(const std::string& word, const std::set<std::string>& known) {
  if (known.contains(word)) return {word};
  std::map<std::size_t, std::set<std::string>> by_distance;
  for (const auto& other : known) by_distance[distance(word, other)].insert(other);
  if (by_distance.empty() || by_distance.begin()->first > misspelling_distance(word)) return {};
  return by_distance.begin()->second;
}

std::set<std::size_t> expected(const std::vector<SampleVideo>& videos, const std::string& query) {
  const auto known = words_in(videos);
  std::set<std::string> wanted;
  for (const auto& word : words_of(query)) wanted.merge(meant(word, known));
  std::set<std::size_t> numbers;
  for (std::size_t i = 0; i < videos.size(); ++i)
    for (const auto& word : words_in(videos[i]))
      if (wanted.contains(word)) numbers.insert(i);
  return numbers;
}

RC_GTEST_PROP(Matching, AnyOfTheWordsInAnyField, ()) {
  const auto all = *some_videos();
  SampleIndex index(all);
  const auto query = *text(4);
  const auto found = index.found(query);
  const std::set<std::size_t> distinct(found.begin(), found.end());
  RC_ASSERT(distinct.size() == found.size());
  RC_ASSERT(distinct == expected(all, query));
}

RC_GTEST_PROP(Matching, OfMisspeltWords, ()) {
  const auto all = *some_videos();
  SampleIndex index(all);
  auto word = *rc::gen::elementOf(similar_words);
  const auto edits = *rc::gen::inRange(1, 3);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, word.size());
    if (static_cast<unsigned char>(word[at]) >= 0x80) continue;
    const auto letter = *rc::gen::elementOf(std::string("abcortz"));
    *rc::gen::arbitrary<bool>() ? word.insert(at, 1, letter) : word.replace(at, 1, 1, letter);
  }
  const auto found = index.found(word);
  RC_ASSERT(std::set<std::size_t>(found.begin(), found.end()) == expected(all, word));
}

RC_GTEST_PROP(Matching, AfterVideosWereAddedChangedAndRemoved, ()) {
  auto all = *some_videos();
  SampleIndex index(all);
  all.resize(40);  // those that are added have no words before
  const auto changes =
      *rc::gen::resize(15, rc::gen::container<std::vector<std::pair<std::size_t, SampleVideo>>>(
                               rc::gen::pair(rc::gen::inRange<std::size_t>(0, 40), video())));
  for (const auto& [number, changed] : changes) {
    if (words_in(changed).empty()) {
      index.remove(number);
      all[number] = {};
    } else {
      index.put(number, changed);
      all[number] = changed;
    }
  }
  const auto query = *text(3);
  const auto found = index.found(query);
  RC_ASSERT(std::set<std::size_t>(found.begin(), found.end()) == expected(all, query));
}

std::set<CompletionWord> completions_in(const SampleVideo& video) {
  const auto words = completion_words_of(video.name + " " + video.tags + " " + video.description);
  return {words.begin(), words.end()};
}

RC_GTEST_PROP(Matching, CompletionsInOrder, ()) {
  auto all = *some_videos();
  SampleIndex index(all);
  all.resize(32);
  index.put(30, all[30] = *video());
  index.put(31, all[31] = *video());
  for (const std::string beginning : {"c", "ca", "cat", "cafe", "z", "e", "o'", "t", "nothing"}) {
    std::set<CompletionWord> expected;
    for (const auto& video : all)
      for (const auto& word : completions_in(video))
        if (word.folded.starts_with(beginning) && word.folded != beginning) expected.insert(word);
    const auto completions = run(index.index.completions({}, beginning, {}, 1'000));
    RC_ASSERT(words_in(completions) ==
              std::vector<CompletionWord>(expected.begin(), expected.end()));
    std::vector<CompletionWord> page_by_page;
    for (std::optional<CompletionWord> after;;) {
      const auto page = index.completions(beginning, after, 2);
      page_by_page.insert(page_by_page.end(), page.begin(), page.end());
      if (page.size() < 2) break;
      after = page.back();
    }
    RC_ASSERT(page_by_page == words_in(completions));
    for (const auto& completion : completions) {
      RC_ASSERT(completions_in(all[number_of(completion.video)]).contains(completion.word));
      std::set<std::size_t> having, found;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (completions_in(all[i]).contains(completion.word)) having.insert(i);
      for (const auto& entry : run(index.index.videos_with({}, completion.word, 1'000)))
        found.insert(number_of(entry.video));
      RC_ASSERT(found == having);
    }
  }
}

// Every video that is there all the time is met once, however long the pages are and whatever is
// added, removed, indexed again or rebuilt between them.
RC_GTEST_PROP(Walks, MeetEachHitOnceWhileTheIndexChanges, ()) {
  const auto all = *some_videos();
  SampleIndex index(all);
  const auto query = *text(3);
  const auto before = index.found(query);
  std::vector<std::size_t> met;
  std::size_t next = 100;
  SearchFrom from;
  for (;;) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 5);
    const auto page = index.search(query, from, size);
    for (const auto& hit : page.hits) met.push_back(number_of(hit.video));
    if (page.hits.size() < size) break;
    from = {page.query_state, page.hits.back().cursor};
    if (next > 140) continue;
    index.put(next++, *video());
    index.put(next++, {query});
    if (*rc::gen::inRange(0, 3) == 0) index.remove(100 + *rc::gen::inRange<std::size_t>(0, 40));
    if (!all.empty()) {
      const auto again = *rc::gen::inRange<std::size_t>(0, all.size());
      index.put(again, all[again]);
    }
  }
  std::set<std::size_t> distinct(met.begin(), met.end());
  RC_ASSERT(distinct.size() == met.size());
  for (const auto number : before) RC_ASSERT(distinct.contains(number));
}

TEST(Walks, GoOnWhenAnIndexThatWasBuiltAnewTakesOver) {
  std::vector<SampleVideo> videos(200, {"zebra", "", "striped"});
  SampleIndex index;
  for (std::size_t i = 0; i < videos.size(); ++i) index.put(videos.size() - 1 - i, videos[i]);
  std::set<std::size_t> met;
  SearchFrom from;
  for (;;) {
    const auto page = index.search("zebra", from, 7);
    for (const auto& hit : page.hits) EXPECT_TRUE(met.insert(number_of(hit.video)).second);
    if (page.hits.size() < 7) break;
    from = {page.query_state, page.hits.back().cursor};
    index.rebuild(videos);
  }
  EXPECT_EQ(met.size(), videos.size());
}

TEST(Walks, KeepTheCorrectionThatTheyBeganWith) {
  SampleIndex index({{"zebra one"}, {"zebra two"}, {"zebra three"}});
  const auto first = index.search("zebrq", {}, 1);
  index.put(10, {"zebrq"});
  const auto rest = index.search("zebrq", {first.query_state, first.hits.back().cursor}, 10);
  EXPECT_EQ(rest.hits.size(), 2u);
}

TEST(Walks, RefuseWhatIsNoneOfTheirStates) {
  SampleIndex index({{"zebra"}});
  const auto good = index.search("zebra", {}, 1);
  for (const auto& walk :
       {std::string("x"), std::string("\1"), good.query_state + "x",
        good.query_state.substr(0, good.query_state.size() - 1), std::string(10'000, '\1')})
    EXPECT_THROW(index.search("zebra", {walk, good.hits[0].cursor + "x"}, 1), Error);
  EXPECT_THROW(index.search("zebra", {good.query_state, "short"}, 1), Error);
}

}  // namespace
}  // namespace killrvideo
