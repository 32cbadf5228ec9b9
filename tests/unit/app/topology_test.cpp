#include "app/topology.hpp"

#include <gtest/gtest.h>

#include "app/settings.hpp"

namespace killrvideo {
namespace {

constexpr storage::EngineTraits own_store{.shared = false, .batches_appear_whole = true};
constexpr storage::EngineTraits common_store{.shared = true, .batches_appear_whole = false};

/// What is configured, and what it comes to.
struct Deployment {
  std::string name;
  storage::EngineTraits store;
  std::map<std::string, std::string, std::less<>> settings;
  bool index_is_shared = false;
  bool events_over_kafka = false;
  bool recommender_is_shared = false;
  bool index_follows_store = false;
  bool keeps_index = false;
  bool index_hears_of_events = false;
  bool serves_only_searches = false;

  friend std::ostream& operator<<(std::ostream& out, const Deployment& deployment) {
    return out << deployment.name;
  }
};

class TopologyOf : public testing::TestWithParam<Deployment> {};

TEST_P(TopologyOf, says_who_does_what) {
  const auto& expected = GetParam();
  const auto all_names = all_setting_names();
  const auto chosen = choose_settings(
      all_names,
      {.flags = expected.settings, .environment = [](const auto&) { return std::nullopt; }});
  const auto topology = topology_of(make_config(chosen), expected.store);
  EXPECT_EQ(topology.store_is_shared, expected.store.shared);
  EXPECT_EQ(topology.batches_appear_whole, expected.store.batches_appear_whole);
  EXPECT_EQ(topology.index_is_shared, expected.index_is_shared);
  EXPECT_EQ(topology.events_over_kafka, expected.events_over_kafka);
  EXPECT_EQ(topology.recommender_is_shared, expected.recommender_is_shared);
  EXPECT_EQ(topology.index_follows_store(), expected.index_follows_store);
  EXPECT_EQ(topology.keeps_index(), expected.keeps_index);
  EXPECT_EQ(topology.index_hears_of_events(), expected.index_hears_of_events);
  EXPECT_EQ(topology.serves_only_searches, expected.serves_only_searches);
}

INSTANTIATE_TEST_SUITE_P(
    All, TopologyOf,
    testing::Values(Deployment{.name = "a laptop",
                               .store = own_store,
                               .keeps_index = true,
                               .index_hears_of_events = true},
                    Deployment{.name = "a laptop with Kafka",
                               .store = own_store,
                               .settings = {{"kafka-bootstrap-servers", "kafka"}},
                               .events_over_kafka = true,
                               .keeps_index = true,
                               .index_hears_of_events = true},
                    Deployment{.name = "a laptop with OpenSearch",
                               .store = own_store,
                               .settings = {{"opensearch-url", "search"}},
                               .index_is_shared = true,
                               .keeps_index = true,
                               .index_hears_of_events = true},
                    Deployment{.name = "processes on Cassandra",
                               .store = common_store,
                               .index_follows_store = true,
                               .keeps_index = true},
                    Deployment{.name = "a cluster",
                               .store = common_store,
                               .settings = {{"kafka-bootstrap-servers", "kafka"},
                                            {"opensearch-url", "search"}},
                               .index_is_shared = true,
                               .events_over_kafka = true,
                               .recommender_is_shared = true,
                               .keeps_index = true,
                               .index_hears_of_events = true},
                    Deployment{.name = "comments of a cluster",
                               .store = common_store,
                               .settings = {{"services", "comments"}, {"opensearch-url", "search"}},
                               .index_is_shared = true,
                               .keeps_index = true,
                               .index_hears_of_events = true},
                    Deployment{.name = "comments of a cluster, without events",
                               .store = common_store,
                               .settings = {{"services", "comments"},
                                            {"opensearch-url", "search"},
                                            {"deliver-events", "off"}},
                               .index_is_shared = true},
                    Deployment{.name = "comments on a laptop",
                               .store = own_store,
                               .settings = {{"services", "comments"}}},
                    Deployment{.name = "searches of a cluster, without events",
                               .store = common_store,
                               .settings = {{"services", "search"},
                                            {"opensearch-url", "search"},
                                            {"deliver-events", "off"}},
                               .index_is_shared = true,
                               .keeps_index = true,
                               .serves_only_searches = true}));

}  // namespace
}  // namespace killrvideo
