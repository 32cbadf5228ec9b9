// The table of the program's settings.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/setting.hpp"

namespace killrvideo {

/// All settings, those of a section together, in the order in which help lists them.
std::span<const Setting> all_settings();

/// Their names.
std::vector<std::string_view> all_setting_names();

/// The names of those that say where the data is, for commands that use it.
std::vector<std::string_view> store_setting_names();

/// The setting of this name; null if there is none.
const Setting* find_setting(std::string_view name);

}  // namespace killrvideo
