// Texts that look as if people had written them.
#pragma once

#include <string>

#include "generate/random.hpp"
#include "generate/words.hpp"
#include "storage/cql.hpp"

namespace killrvideo::generate {

/// What a video and the comments on it are about.
struct Subject {
  const Topic* topic;
  std::string_view name;
};

class Texts {
 public:
  /// Popular topics more often than others.
  Subject subject(Random& random) const;

  std::string title(const Subject& subject, Random& random) const;
  std::string description(const Subject& subject, Random& random) const;
  storage::TextSet tags(const Subject& subject, Random& random) const;
  std::string comment(const Subject& subject, Random& random) const;

 private:
  Zipf topic_ranks_{topics.size(), 3};
  Zipf topic_tag_ranks_{std::tuple_size_v<decltype(Topic::tags)>, 1};
  Zipf general_tag_ranks_{general_tags.size(), 1};
};

}  // namespace killrvideo::generate
