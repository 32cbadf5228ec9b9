// The settings of the store on Cassandra.
#pragma once

#include <vector>

#include "app/setting.hpp"

namespace killrvideo {

std::vector<Setting> cassandra_settings();

}  // namespace killrvideo
