// The settings of the registry of services.
#pragma once

#include <vector>

#include "app/setting.hpp"

namespace killrvideo {

/// Where it is.
std::vector<Setting> etcd_settings();

/// What this process tells there of itself.
std::vector<Setting> announcement_settings();

}  // namespace killrvideo
