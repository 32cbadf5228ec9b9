#include "app/version.hpp"

namespace killrvideo {

std::string_view version() { return KILLRVIDEO_VERSION; }

}  // namespace killrvideo
