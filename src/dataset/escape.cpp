#include "dataset/escape.hpp"

#include <array>
#include <string>

namespace killrvideo::dataset {
namespace {

void rewind(std::istream& stream) {
  stream.clear();
  stream.seekg(0);
}

// What the backslashes of a file precede. They are read from the left, each escape as a pair.
class Backslashes {
 public:
  explicit Backslashes(std::istream& stream) {
    rewind(stream);
    std::array<char, 1 << 16> buffer{};
    while (stream.read(buffer.data(), buffer.size()), stream.gcount() > 0)
      read({buffer.data(), static_cast<std::size_t>(stream.gcount())});
    if (state_ != State::text) others_ = true;
  }

  bool any() const { return any_; }
  /// Whether a tool that escapes by backslashes can have written all of them, and has escaped a
  /// backslash, or, where there is `no_header`, a control character.
  bool are_escapes(bool no_header) const {
    return !others_ && (escaped_backslash_ || (escaped_control_ && no_header));
  }

 private:
  enum class State : std::uint8_t { text, backslash, carriage_return };

  void read(std::string_view bytes) {
    while (!bytes.empty()) {
      if (state_ == State::text) {
        const auto at = bytes.find('\\');
        if (at == bytes.npos) return;
        any_ = true;
        state_ = State::backslash;
        bytes.remove_prefix(at + 1);
      } else {
        read_second(bytes.front());
        bytes.remove_prefix(1);
      }
    }
  }

  // The character after a backslash, or after one and a carriage return.
  void read_second(char c) {
    const bool line_ends = c == '\n';
    const bool line_may_end = state_ == State::backslash && c == '\r';
    if (state_ == State::backslash) {
      escaped_backslash_ |= c == '\\';
      escaped_control_ |= c == 'n' || c == 'r' || c == 't';
      others_ |= !line_ends && !line_may_end &&
                 std::string_view("\\\"nrt").find(c) == std::string_view::npos;
    } else {
      others_ |= !line_ends;
    }
    state_ = line_may_end ? State::carriage_return : State::text;
  }

  State state_ = State::text;
  bool any_ = false, escaped_backslash_ = false, escaped_control_ = false, others_ = false;
};

bool has_escaped_quote(std::istream& stream, const CsvRecord& record) {
  std::string bytes(record.end - record.begin, '\0');
  stream.clear();
  stream.seekg(static_cast<std::streamoff>(record.begin));
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes.contains("\\\"");
}

struct Malformed {
  std::uint64_t records = 0;
  bool at_escaped_quotes = false;
};

Malformed malformed_in(std::istream& stream, Escape escape) {
  Malformed malformed;
  rewind(stream);
  CsvReader reader(stream, escape);
  while (const auto record = reader.next()) {
    if (record->malformed.empty()) continue;
    ++malformed.records;
    if (malformed.at_escaped_quotes) continue;
    const auto next = reader.offset();
    malformed.at_escaped_quotes = has_escaped_quote(stream, *record);
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(next));
  }
  return malformed;
}

}  // namespace

Reading reading_of(std::istream& stream, bool has_header, std::optional<Escape> wanted) {
  const Backslashes backslashes(stream);
  if (!backslashes.any()) return {};
  if (wanted) return {*wanted, true};
  const auto doubled = malformed_in(stream, Escape::doubled);
  const auto backslash = malformed_in(stream, Escape::backslash);
  const bool likely = doubled.at_escaped_quotes || backslashes.are_escapes(!has_header);
  const bool better = backslash.records < doubled.records;
  const bool as_good = backslash.records == doubled.records;
  return {better || (likely && as_good) ? Escape::backslash : Escape::doubled, true};
}

}  // namespace killrvideo::dataset
