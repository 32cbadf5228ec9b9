// What the search engine alone does: builds an index of videos and asks it questions, in one
// thread.
//
//   bench_search DOCUMENTS QUERIES DIRECTORY
//
// DOCUMENTS: videos as JSON lines, as `killrvideo table videos` prints them. QUERIES: a query in
// each line. The index is made in DIRECTORY. Prints a JSON object: the seconds of processor time
// that building took, the microseconds that each query took, and the names of the best videos of
// each.
#include <boost/json.hpp>
#include <ctime>
#include <fstream>
#include <iostream>
#include <set>

#include "search/document.hpp"
#include "search/words.hpp"
#include "search/xapian/index.hpp"

namespace {

using namespace killrvideo;
constexpr std::size_t best = 20;

std::string text_of(const boost::json::object& row, std::string_view column) {
  const auto* value = row.if_contains(column);
  return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Processor time, which other programs on the machine do not change.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Analysis is part of the work; reading JSON is not.
class Corpus {
 public:
  explicit Corpus(const std::string& path) {
    for (const auto& line : lines_of(path)) rows_.push_back(boost::json::parse(line).as_object());
  }

  std::size_t size() const { return rows_.size(); }
  std::string name(std::size_t i) const { return text_of(rows_[i], "name"); }

  IndexedVideo video(std::size_t i) const {
    Video video{};
    video.videoid = VideoId(*Uuid::parse(text_of(rows_[i], "videoid")));
    video.name = text_of(rows_[i], "name");
    video.description = text_of(rows_[i], "description");
    for (const auto& tag : rows_[i].at("tags").as_array())
      video.tags.insert(std::string(tag.as_string()));
    return indexed(video);
  }

 private:
  std::vector<boost::json::object> rows_;
};

double build(const Corpus& corpus, SearchIndex& index) {
  const auto began = cpu_seconds();
  const auto id = Uuid::random();
  auto building = index.build(id);
  for (std::size_t i = 0; i < corpus.size(); ++i) building->add(corpus.video(i));
  building->finish();
  building->keep();
  building.reset();
  if (!index.open(id)) throw std::runtime_error("the index cannot be opened");
  return cpu_seconds() - began;
}

SearchHits ask(SearchIndex& index, const std::string& query) {
  const auto words = words_of(query);
  const std::set<std::string> distinct(words.begin(), words.end());
  return run(index.search(Context{}, {distinct.begin(), distinct.end()}, {}, best));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: bench_search DOCUMENTS QUERIES DIRECTORY");
  const Corpus corpus(argv[1]);
  std::unordered_map<Uuid, std::string, UuidHash> names;
  for (std::size_t i = 0; i < corpus.size(); ++i) names[corpus.video(i).id] = corpus.name(i);
  xapian_engine::Index index(argv[3]);
  boost::json::object report{{"build_seconds", build(corpus, index)}};
  boost::json::array times;
  boost::json::object results;
  for (const auto& query : lines_of(argv[2])) {
    const auto began = cpu_seconds();
    const auto found = ask(index, query);
    times.push_back((cpu_seconds() - began) * 1e6);
    boost::json::array found_names;
    for (const auto& hit : found.hits) found_names.emplace_back(names[hit.video]);
    results[query] = std::move(found_names);
  }
  report["query_us"] = std::move(times);
  report["results"] = std::move(results);
  std::cout << report << "\n";
} catch (const std::exception& error) {
  std::cerr << "bench_search: " << error.what() << "\n";
  return 1;
}
