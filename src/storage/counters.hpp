// Arithmetic on rows of counters.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>

#include "storage/cql.hpp"

namespace killrvideo::storage {

/// The difference that, added to the counters of `actual`, makes them those of `wanted`.
template <class Row>
Row difference(Row wanted, const Row& actual) {
  using Members = boost::describe::describe_members<Row, boost::describe::mod_public>;
  boost::mp11::mp_for_each<Members>([&](auto member) {
    auto& value = wanted.*member.pointer;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Counter>) {
      // Counters wrap around; signed arithmetic must not.
      value.value =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(value.value) -
                                    static_cast<std::uint64_t>((actual.*member.pointer).value));
    }
  });
  return wanted;
}

}  // namespace killrvideo::storage
