// The program's version.
#pragma once

#include <string_view>

namespace killrvideo {

/// As in "0.1.0".
std::string_view version();

}  // namespace killrvideo
