// Checksums that find what has changed or was mixed up. They are no protection from those who want
// to make two texts alike.
#pragma once

#include <cstdint>
#include <string_view>

namespace killrvideo {

/// SipHash-2-4 of `bytes`, the same in all processes and versions. `purpose` is the key, of up to
/// 16 bytes, so that checksums of one kind are never taken for those of another.
std::uint64_t checksum(std::string_view bytes, std::string_view purpose);

}  // namespace killrvideo
