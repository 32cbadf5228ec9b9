// A set that was read out of any text reads back as CQL and as JSON write it.
#include <boost/json.hpp>
#include <string>

#include "common/text.hpp"
#include "dataset/literals.hpp"
#include "expect.hpp"

namespace killrvideo {
namespace {

std::string in_cql(const std::vector<std::string>& texts) {
  std::string literal = "{";
  for (const auto& text : texts) {
    literal += literal.size() > 1 ? ", '" : "'";
    for (const char c : text) literal += c == '\'' ? "''" : std::string(1, c);
    literal += '\'';
  }
  return literal + "}";
}

}  // namespace
}  // namespace killrvideo

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace killrvideo;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto texts = dataset::parse_texts(text);
  if (!texts || !is_utf8(text)) return 0;
  for (const auto& element : *texts) expect(is_utf8(element), "texts stay UTF-8");
  expect(dataset::parse_texts(in_cql(*texts)) == texts, "a set reads back from CQL");
  const auto json = boost::json::serialize(boost::json::value_from(*texts));
  expect(dataset::parse_texts(json) == texts, "a set reads back from JSON");
  return 0;
}
