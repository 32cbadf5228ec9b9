// Where the values of settings go: functions for Setting::store.
#pragma once

#include <algorithm>
#include <chrono>
#include <span>
#include <type_traits>

#include "app/config.hpp"

namespace killrvideo {

/// Stores a value in the part of the configuration that `part` (a member pointer or a function)
/// refers to.
template <class Part>
auto into(Part part) {
  return [part](Config& config, const SettingValue& value) {
    auto& target = std::invoke(part, config);
    using Target = std::remove_reference_t<decltype(target)>;
    if constexpr (std::is_integral_v<Target> && !std::is_same_v<Target, bool>) {
      target = static_cast<Target>(std::get<std::int64_t>(value));
    } else if constexpr (std::is_same_v<Target, std::chrono::milliseconds>) {
      target = Target(std::get<std::int64_t>(value));
    } else {
      target = std::get<Target>(value);
    }
  };
}

/// Stores what `parse` makes of each text of a list; the setting's kind lets no other texts pass.
template <class Part, class Parse>
auto into_list(Part part, Parse parse) {
  return [part, parse](Config& config, const SettingValue& value) {
    auto& target = std::invoke(part, config);
    target.clear();
    for (const auto& text : std::get<std::vector<std::string>>(value))
      if (auto item = parse(text)) target.insert(target.end(), *std::move(item));
  };
}

/// The words of a table of names, for kinds::one_of and kinds::some_of.
inline std::vector<std::string_view> words(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

/// The enumerator with this name; `names` are in the order of their values.
template <class Enum>
Enum enumerator(std::span<const std::string_view> names, std::string_view name) {
  return static_cast<Enum>(std::ranges::find(names, name) - names.begin());
}

/// Stores the enumerator that a text names.
template <class Part>
auto into_enum(Part part, std::span<const std::string_view> names) {
  return [part, names](Config& config, const SettingValue& value) {
    auto& target = std::invoke(part, config);
    using Enum = std::remove_reference_t<decltype(target)>;
    target = enumerator<Enum>(names, std::get<std::string>(value));
  };
}

}  // namespace killrvideo
