// The settings of events over Kafka.
#pragma once

#include <vector>

#include "app/setting.hpp"

namespace killrvideo {

std::vector<Setting> kafka_settings();

}  // namespace killrvideo
