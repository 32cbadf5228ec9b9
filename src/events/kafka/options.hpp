// Options of connections to Kafka.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/address.hpp"

namespace killrvideo::kafka {

struct Options {
  std::vector<Address> bootstrap_servers{};  ///< some brokers; the others are found through them
  bool tls = false;
  std::filesystem::path ca{};  ///< empty: the authorities of the system
  std::filesystem::path certificate{};
  std::filesystem::path key{};
  std::string sasl_mechanism{};  ///< as Kafka spells it ("SCRAM-SHA-512"); empty: no login
  std::string username{};
  std::string password{};
  std::string group_prefix{};  ///< of the names of consumer groups: "killrvideo"
  std::string dead_letter_topic{};
  // For topics that are created.
  int partitions = 1;
  int replication_factor = 0;  ///< 0: the default of the brokers
};

}  // namespace killrvideo::kafka
