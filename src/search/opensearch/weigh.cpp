#include "search/opensearch/weigh.hpp"

#include "search/opensearch/catalog.hpp"
#include "search/opensearch/questions.hpp"

namespace killrvideo::opensearch {

Weighing weigh(const Options& options, const std::vector<std::string>& words,
               const VideoId& video) {
  Client client(options);
  RecentFrequencies recent;
  const auto until = std::chrono::steady_clock::now() + options.question_limit;
  Questions questions(client, recent, Catalog(client, options).alias(), until);
  return run(questions.weigh(words, video));
}

}  // namespace killrvideo::opensearch
