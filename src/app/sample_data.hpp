// A small catalog for a first look: openly licensed films with comments, ratings and plays.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "storage/store.hpp"

namespace killrvideo {

/// Adds the sample to a store that has no videos, or only some of the sample's because an earlier
/// start was cut off. Goes through the services, so that events tell of it. Returns whether the
/// store holds the sample now. REQUIRES: nobody else writes meanwhile.
bool add_sample_data(storage::Store& store);

/// A call that shows something of the sample.
struct SampleCall {
  std::string_view method;
  std::string request;  ///< JSON without single quotes
};

/// Calls to those of the services that are among `offered`.
std::vector<SampleCall> sample_calls(const std::set<Service>& offered);

}  // namespace killrvideo
