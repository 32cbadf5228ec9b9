#include "search/opensearch/weigh.hpp"

#include "search/opensearch/index_admin.hpp"
#include "search/opensearch/questions.hpp"

namespace killrvideo::opensearch {

Weighing weigh(const Options& options, const std::vector<std::string>& words,
               const VideoId& video) {
  Client client(options);
  DocumentFrequencyCache frequencies;
  const auto until = std::chrono::steady_clock::now() + options.question_limit;
  Questions questions(client, frequencies, IndexAdmin(client, options).alias(), until);
  return run(questions.weigh(words, video));
}

}  // namespace killrvideo::opensearch
