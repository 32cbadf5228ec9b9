#include "generate/texts.hpp"

namespace killrvideo::generate {
namespace {

constexpr std::uint64_t greatest_number = 29;

std::string filling(char place, const Subject& subject, Random& random) {
  switch (place) {
    case 's':
      return std::string(subject.name);
    case 'o':
      return std::string(random.pick(subject.topic->subjects));
    case 'v':
      return std::string(random.pick(subject.topic->verbs));
    case 't':
      return std::string(subject.topic->name);
    case 'a':
      return std::string(random.pick(adjectives));
    case 'n':
      return std::to_string(2 + random.below(greatest_number));
    case 'p':
      return std::string(random.pick(first_names));
    default:
      return std::string(random.pick(seasons));
  }
}

void append_filled(std::string& text, std::string_view pattern, const Subject& subject,
                   Random& random) {
  while (!pattern.empty()) {
    if (pattern.front() == '{') {
      text += filling(pattern[1], subject, random);
      pattern.remove_prefix(3);
    } else {
      const auto end = std::min(pattern.find('{'), pattern.size());
      text += pattern.substr(0, end);
      pattern.remove_prefix(end);
    }
  }
}

// Sentences that begin with a word of the lists, all of which begin with an ASCII letter or digit.
void capitalize(std::string& text, std::size_t at) {
  if (at < text.size() && text[at] >= 'a' && text[at] <= 'z')
    text[at] = static_cast<char>(text[at] - 'a' + 'A');
}

void append_sentence(std::string& text, std::string_view pattern, const Subject& subject,
                     Random& random) {
  const auto at = text.size();
  append_filled(text, pattern, subject, random);
  capitalize(text, at);
}

}  // namespace

Subject Texts::subject(Random& random) const {
  const Topic& topic = topics[topic_ranks_.draw(random)];
  return {&topic, random.pick(topic.subjects)};
}

std::string Texts::title(const Subject& subject, Random& random) const {
  std::string text;
  append_sentence(text, random.pick(title_patterns), subject, random);
  if (random.one_in(2)) append_filled(text, random.pick(title_endings), subject, random);
  return text;
}

std::string Texts::description(const Subject& subject, Random& random) const {
  std::string text;
  const auto sentences = 1 + random.below(5);
  for (std::uint64_t i = 0; i < sentences; ++i) {
    if (i > 0) text += random.one_in(4) ? "\n\n" : " ";
    append_sentence(text, random.pick(description_patterns), subject, random);
  }
  return text;
}

storage::TextSet Texts::tags(const Subject& subject, Random& random) const {
  storage::TextSet tags{std::string(subject.topic->tags[topic_tag_ranks_.draw(random)])};
  const auto draws = 1 + random.below(6);
  for (std::uint64_t i = 0; i < draws; ++i)
    tags.emplace(random.one_in(2) ? subject.topic->tags[topic_tag_ranks_.draw(random)]
                                  : general_tags[general_tag_ranks_.draw(random)]);
  if (random.one_in(4)) tags.emplace(subject.name);
  return tags;
}

std::string Texts::comment(const Subject& subject, Random& random) const {
  std::string text;
  append_sentence(text, random.pick(comment_openings), subject, random);
  append_sentence(text, random.pick(comment_patterns), subject, random);
  if (random.one_in(4)) {
    text += random.one_in(3) ? "\n" : " ";
    append_sentence(text, random.pick(comment_patterns), subject, random);
  }
  append_filled(text, random.pick(comment_endings), subject, random);
  return text;
}

}  // namespace killrvideo::generate
