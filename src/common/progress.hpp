// How far something long has come.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace killrvideo {

/// Told that `done` of `total` are done of `what`; `total` is 0 if it is not known. May throw,
/// which ends the work.
using ProgressListener =
    std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

}  // namespace killrvideo
