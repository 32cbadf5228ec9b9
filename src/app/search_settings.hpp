// The settings of the search index.
#pragma once

#include <vector>

#include "app/setting.hpp"

namespace killrvideo {

std::vector<Setting> search_settings();

}  // namespace killrvideo
