// The best videos by some rank, encoded in one row: what a reader gets.
//
// A list keeps at most `capacity` entries and, of those that it leaves out, the best one. A changed
// rank is compared with that one, so that the others need not be read. Entries that were erased may
// have made room for some that were left out: then, after more than a few, the list has to be made
// from all again.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "storage/cql.hpp"

namespace killrvideo {

struct Ranked {
  std::int64_t rank = 0;
  VideoId video;

  bool operator==(const Ranked&) const = default;
};

/// Whether `a` stands before `b`: the higher rank, of equal ones the smaller id.
inline bool ranks_before(const Ranked& a, const Ranked& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.video.bytes < b.video.bytes;
}

/// Whether the video is one of these.
inline bool is_in(std::span<const Ranked> entries, const VideoId& video) {
  return std::ranges::find(entries, video, &Ranked::video) != entries.end();
}

/// The entries of an encoded list, without a list being made of it.
class EncodedRankedList {
 public:
  /// The blob outlives this. Throws Error internal if it is not what RankedList::encode() writes.
  explicit EncodedRankedList(const storage::Blob& blob) : bytes_(blob.bytes) {
    if (bytes_.size() % entry_size != 0) storage::throw_corrupt("a list cut short");
  }

  std::size_t size() const { return bytes_.empty() ? 0 : bytes_.size() / entry_size - 1; }
  Ranked operator[](std::size_t index) const { return at(index + 1); }
  /// The best that was left out; nothing if all are in the list.
  std::optional<Ranked> best_left_out() const {
    if (bytes_.empty() || at(0).video == VideoId{}) return std::nullopt;
    return at(0);
  }

  // Format: each entry has a rank of 8 bytes and an id of 16. The first one is the best that was
  // left out; its id is nil if there is none.
  static constexpr std::size_t rank_size = 8, entry_size = rank_size + sizeof(Uuid);

  static void append(const Ranked& ranked, std::string& out) {
    storage::put_big_endian(out, ranked.rank);
    out += ranked.video.view();
  }

 private:
  Ranked at(std::size_t index) const {
    const char* const entry = bytes_.data() + index * entry_size;
    return {storage::get_big_endian<std::int64_t>(entry),
            Uuid::from<VideoId>({entry + rank_size, sizeof(Uuid)})};
  }

  storage::Cell bytes_;
};

template <std::size_t capacity>
class RankedList {
 public:
  static constexpr std::size_t most = capacity;

  RankedList() = default;
  explicit RankedList(std::vector<Ranked> all) : entries_(std::move(all)) {
    std::ranges::sort(entries_, ranks_before);
    if (entries_.size() <= capacity) return;
    left_out_ = entries_[capacity];
    entries_.resize(capacity);
  }

  /// Throws as EncodedRankedList does.
  static RankedList decode(const storage::Blob& blob) {
    const EncodedRankedList encoded(blob);
    RankedList list;
    list.left_out_ = encoded.best_left_out();
    list.entries_.reserve(encoded.size() + 1);
    for (std::size_t i = 0; i < encoded.size(); ++i) list.entries_.push_back(encoded[i]);
    return list;
  }

  storage::Blob encode() const {
    storage::Blob blob;
    blob.bytes.reserve((entries_.size() + 1) * EncodedRankedList::entry_size);
    EncodedRankedList::append(left_out_.value_or(Ranked{}), blob.bytes);
    for (const Ranked& ranked : entries_) EncodedRankedList::append(ranked, blob.bytes);
    return blob;
  }

  /// Best first.
  std::span<const Ranked> entries() const { return entries_; }

  /// Adds a video, or gives it another rank. Returns whether that changed the list.
  bool set(const Ranked& ranked) {
    const auto old = std::ranges::find(entries_, ranked.video, &Ranked::video);
    const bool known = old != entries_.end();
    if (known && *old == ranked) return false;
    if (known) entries_.erase(old);
    if (left_out_ && !ranks_before(ranked, *left_out_)) return known;
    entries_.insert(std::ranges::lower_bound(entries_, ranked, ranks_before), ranked);
    if (entries_.size() > capacity) {
      left_out_ = entries_.back();
      entries_.pop_back();
    }
    return true;
  }

  void erase(const VideoId& video) {
    std::erase_if(entries_, [&](const Ranked& ranked) { return ranked.video == video; });
  }

  /// Whether videos may belong to the best `count` that the list does not have.
  bool may_lack(std::size_t count) const { return left_out_ && entries_.size() < count; }

  bool operator==(const RankedList&) const = default;

 private:
  std::vector<Ranked> entries_;
  std::optional<Ranked> left_out_;  // nothing that is left out stands before this
};

}  // namespace killrvideo
