// The newest videos with a tag, in one row: what a reader gets of it.
//
// Videos are added one by one; who reads the list looks them up.
#pragma once

#include <cstring>
#include <span>
#include <vector>

#include "storage/cql.hpp"

namespace killrvideo {

class TagList {
 public:
  /// Older ones are left out.
  static constexpr std::size_t most = 200;

  struct Entry {
    Timestamp added_date;
    VideoId video;

    bool operator==(const Entry&) const = default;
  };

  TagList() = default;

  /// Throws Error internal if it is not what encode() writes.
  static TagList decode(const storage::Blob& blob);
  storage::Blob encode() const;

  /// Newest first, of the same time by id.
  std::span<const Entry> newest() const { return newest_; }

  /// Returns whether that changed the list. A video that is in it with another time is moved.
  bool add(const Entry& entry);

  bool operator==(const TagList&) const = default;

 private:
  std::vector<Entry> newest_;
};

/// The videos of what TagList::encode() writes, without a list being made of it.
class EncodedTagList {
 public:
  /// The blob outlives this. Throws as TagList::decode does.
  explicit EncodedTagList(const storage::Blob& blob) : bytes_(blob.bytes) {
    if (bytes_.size() % entry_size != 0) storage::throw_corrupt("a list cut short");
  }

  std::size_t size() const { return bytes_.size() / entry_size; }
  VideoId operator[](std::size_t index) const {
    VideoId video;
    std::memcpy(video.bytes.data(), bytes_.data() + index * entry_size + time_size,
                video.bytes.size());
    return video;
  }

  // Format: of each a time of 8 bytes and an id of 16.
  static constexpr std::size_t time_size = 8, entry_size = time_size + sizeof(Uuid);

 private:
  storage::Cell bytes_;
};

}  // namespace killrvideo
