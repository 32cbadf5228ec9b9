// Ids as bytes, in blobs and messages: 16 each, of several one after the other.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.hpp"
#include "common/uuid.hpp"

namespace killrvideo {

inline std::string bytes_of(const Uuid& id) { return {id.bytes.begin(), id.bytes.end()}; }

/// Throws Error invalid_argument if it is none.
template <class Id>
Id id_of(std::string_view bytes) {
  Id id;
  if (bytes.size() != id.bytes.size()) throw Error(Code::invalid_argument, "bytes that are no id");
  std::ranges::copy(bytes, id.bytes.begin());
  return id;
}

/// Throws Error invalid_argument if these are none.
inline std::vector<VideoId> split_ids(std::string_view bytes) {
  std::vector<VideoId> ids;
  for (; !bytes.empty(); bytes.remove_prefix(ids.back().bytes.size()))
    ids.push_back(id_of<VideoId>(bytes.substr(0, sizeof(Uuid))));
  return ids;
}

}  // namespace killrvideo
