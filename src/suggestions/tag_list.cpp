#include "suggestions/tag_list.hpp"

#include <algorithm>

namespace killrvideo {
namespace {

constexpr std::size_t time_size = EncodedTagList::time_size;
constexpr std::size_t entry_size = EncodedTagList::entry_size;

bool newer(const TagList::Entry& a, const TagList::Entry& b) {
  return a.added_date != b.added_date ? a.added_date > b.added_date : a.video.bytes < b.video.bytes;
}

}  // namespace

TagList TagList::decode(const storage::Blob& blob) {
  TagList list;
  const EncodedTagList encoded(blob);
  list.newest_.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const auto time = storage::Cell(blob.bytes).substr(i * entry_size, time_size);
    list.newest_.push_back({storage::Cql<Timestamp>::decode(time), encoded[i]});
  }
  return list;
}

storage::Blob TagList::encode() const {
  storage::Blob blob;
  blob.bytes.reserve(newest_.size() * entry_size);
  for (const Entry& entry : newest_) {
    storage::Cql<Timestamp>::encode(entry.added_date, blob.bytes);
    storage::Cql<VideoId>::encode(entry.video, blob.bytes);
  }
  return blob;
}

bool TagList::add(const Entry& entry) {
  const auto old = std::ranges::find(newest_, entry.video, &Entry::video);
  if (old != newest_.end()) {
    if (*old == entry) return false;
    newest_.erase(old);
  }
  const auto at = std::ranges::lower_bound(newest_, entry, newer);
  const bool too_old = at == newest_.end() && newest_.size() == most;
  if (too_old) return false;
  newest_.insert(at, entry);
  if (newest_.size() > most) newest_.pop_back();
  return true;
}

}  // namespace killrvideo
