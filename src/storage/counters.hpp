// Arithmetic on rows of counters.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>

#include "storage/cql.hpp"

namespace killrvideo::storage {

/// Counters wrap around, as Cassandra's do; signed arithmetic must not.
constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t wrapping_subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// The difference that, added to the counters of `actual`, makes them those of `wanted`.
template <class Row>
Row difference(Row wanted, const Row& actual) {
  using Members = boost::describe::describe_members<Row, boost::describe::mod_public>;
  boost::mp11::mp_for_each<Members>([&](auto member) {
    auto& value = wanted.*member.pointer;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Counter>) {
      value.value = wrapping_subtract(value.value, (actual.*member.pointer).value);
    }
  });
  return wanted;
}

}  // namespace killrvideo::storage
