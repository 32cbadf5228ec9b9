#include "suggestions/top_list.hpp"

#include <algorithm>

namespace killrvideo {
namespace {

// Format: each a score of 8 bytes and an id of 16; the first one is the bound of what is outside,
// with a score of 0 if nothing is.
constexpr std::size_t encoded_size = 24;

void append(const Scored& scored, std::string& out) {
  storage::put_big_endian(out, scored.score);
  out.append(reinterpret_cast<const char*>(scored.video.bytes.data()), scored.video.bytes.size());
}

Scored take(const char* bytes) {
  Scored scored{storage::get_big_endian<std::int64_t>(bytes), {}};
  std::memcpy(scored.video.bytes.data(), bytes + sizeof scored.score, scored.video.bytes.size());
  return scored;
}

}  // namespace

bool better(const Scored& a, const Scored& b) {
  return a.score != b.score ? a.score > b.score : a.video.bytes < b.video.bytes;
}

TopList::TopList(std::vector<Scored> all) : best_(std::move(all)) {
  std::ranges::sort(best_, better);
  if (best_.size() <= most) return;
  outside_ = best_[most];
  best_.resize(most);
}

TopList TopList::decode(const storage::Blob& blob) {
  TopList list;
  if (blob.bytes.size() % encoded_size != 0) storage::throw_corrupt("a list cut short");
  const std::size_t count = blob.bytes.size() / encoded_size;
  if (count == 0) return list;
  if (const Scored bound = take(blob.bytes.data()); bound.score != 0) list.outside_ = bound;
  list.best_.reserve(count);
  for (std::size_t i = 1; i < count; ++i)
    list.best_.push_back(take(blob.bytes.data() + i * encoded_size));
  return list;
}

storage::Blob TopList::encode() const {
  storage::Blob blob;
  blob.bytes.reserve((best_.size() + 1) * encoded_size);
  append(outside_.value_or(Scored{}), blob.bytes);
  for (const Scored& scored : best_) append(scored, blob.bytes);
  return blob;
}

void TopList::set(const VideoId& video, std::int64_t score) {
  const Scored scored{score, video};
  const auto old = std::ranges::find(best_, video, &Scored::video);
  if (old != best_.end()) {
    if (*old == scored) return;
    best_.erase(old);
  }
  if (score != 0 && (!outside_ || better(scored, *outside_))) insert(scored);
}

void TopList::insert(const Scored& scored) {
  best_.insert(std::ranges::lower_bound(best_, scored, better), scored);
  if (best_.size() <= most) return;
  outside_ = best_.back();
  best_.pop_back();
}

}  // namespace killrvideo
