// Building an index while other tools write: on each store, with each engine.
#include "search/index_builder.hpp"

#include <gmock/gmock.h>

#include <utility>

#include "common/clock.hpp"
#include "search/opensearch/index.hpp"
#include "search/opensearch/server.hpp"
#include "search/xapian/index.hpp"
#include "storage/cassandra/cluster.hpp"
#include "storage/temporary_store.hpp"

namespace killrvideo {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using namespace std::chrono_literals;

// A store with the tables that an index needs.
std::shared_ptr<storage::Store> rocksdb_store() {
  auto store = std::make_shared<storage::TemporaryStore>();
  return {store, &**store};
}

std::shared_ptr<storage::Store> cassandra_store() {
  static const storage::Schema schema{
      .tables = {&videos, &user_videos, &latest_videos, &latest_days, &search_active_indexes,
                 &search_retry_queue},
      .migrations = {}};
  struct Opened {
    storage::cassandra::TemporaryKeyspace keyspace;
    std::unique_ptr<storage::Store> store;
  };
  auto opened = std::make_shared<Opened>();
  const Context context(0, std::chrono::system_clock::now() + 3min);
  opened->store = storage::cassandra::open_store(storage::connect_to_test_cluster(), schema,
                                                 {.name = opened->keyspace.name()}, context);
  return {opened, &*opened->store};
}

std::shared_ptr<SearchIndex> xapian_index() {
  struct Opened {
    storage::TemporaryDirectory directory{storage::memory_directory()};
    xapian_engine::Index index{directory.path() / "search"};
  };
  auto opened = std::make_shared<Opened>();
  return {opened, &opened->index};
}

std::shared_ptr<SearchIndex> opensearch_index_of_its_own() {
  const auto options = opensearch::test_options();
  return {new opensearch::Index(options), [options](SearchIndex* index) {
            delete index;
            opensearch::remove_all_indexes(options);
          }};
}

struct Engines {
  std::string name;
  std::shared_ptr<storage::Store> (*store)();
  std::string_view kind;
  std::shared_ptr<SearchIndex> (*index)();

  friend std::ostream& operator<<(std::ostream& out, const Engines& engines) {
    return out << engines.name;
  }
};

class IndexBuilderTest : public ::testing::TestWithParam<Engines> {
 protected:
  // A video of which nobody is told, as an import writes it.
  VideoId write(const std::string& name) {
    Video video{};
    video.videoid = VideoId(Uuid::random());
    video.name = name;
    video.added_date = now() - 100h;
    storage::Batch batch;
    insert_video(batch, video);
    run(store_->commit({}, std::move(batch)));
    return video.videoid;
  }

  std::vector<VideoId> found(const std::string& word) {
    std::vector<VideoId> ids;
    for (const auto& hit : run(index_->search({}, {word}, {}, 10)).hits) ids.push_back(hit.video);
    return ids;
  }

  // Builds an index and calls `meanwhile` once, when all rows have been read for it.
  void build(std::function<void()> meanwhile = {}) {
    builder_.rebuild_now([&](std::string_view, std::uint64_t done, std::uint64_t) {
      if (done > 0 && meanwhile) std::exchange(meanwhile, {})();
    });
  }

  std::shared_ptr<storage::Store> store_ = GetParam().store();
  std::shared_ptr<SearchIndex> index_ = GetParam().index();
  ActiveIndexes active_{*store_, GetParam().kind};
  SearchMetrics metrics_;
  IndexUpdater updater_{*store_, *index_, active_, metrics_};
  IndexBuilder builder_{*store_, *index_, active_, updater_};
};

// For what the store makes no difference to.
class EmbeddedStoreIndexBuilderTest : public IndexBuilderTest {};

TEST_P(IndexBuilderTest, AnImportThatEndsWhileABuildRunsIsInTheIndex) {
  const auto before = write("zebra");
  std::optional<VideoId> imported;
  build([&] {
    imported = write("zebra");  // behind the scan
    invalidate_all_indexes(*store_);
  });
  EXPECT_THAT(found("zebra"), UnorderedElementsAre(before, *imported));
  EXPECT_THAT(active_.begun(), ElementsAre(active_.current().value().indexid));
}

TEST_P(EmbeddedStoreIndexBuilderTest, ABuildThatFailsLeavesNothing) {
  write("zebra");
  build();
  const auto first = active_.current()->indexid;
  write("zebra");
  EXPECT_THROW(build([] { throw Error(Code::unavailable, "the store is away"); }), Error);
  EXPECT_THAT(active_.begun(), ElementsAre(first));
  EXPECT_THAT(found("zebra"), SizeIs(1));
}

TEST_P(EmbeddedStoreIndexBuilderTest, TheRowOfABuildWhoseProcessDiedIsRemovedAfterADay) {
  const auto old = Uuid::random(), recent = Uuid::random();
  const std::string kind(GetParam().kind);
  for (const ActiveIndex& row :
       {ActiveIndex{kind, old, false, now() - 25h}, ActiveIndex{kind, recent, false, now() - 23h}})
    run(store_->insert_if_absent({}, search_active_indexes, row));
  build();
  EXPECT_THAT(active_.begun(), UnorderedElementsAre(recent, active_.current()->indexid));
}

// As an import begins and ends while two processes rebuild an index that they share.
TEST_P(IndexBuilderTest, AnIndexIsActiveUntilAnotherOneOrNoneIs) {
  ActiveIndexes other(*store_, GetParam().kind);
  const std::vector ids{Uuid::random(), Uuid::random(), Uuid::random()};
  for (const auto& id : ids) active_.begin(id);
  EXPECT_FALSE(active_.find());
  EXPECT_TRUE(active_.activate(ids[0]));
  EXPECT_EQ(other.find()->indexid, ids[0]);
  EXPECT_TRUE(other.activate(ids[1]));
  EXPECT_EQ(active_.find()->indexid, ids[1]);
  EXPECT_FALSE(active_.activate(ids[0]));
  invalidate_all_indexes(*store_);
  EXPECT_FALSE(active_.find());
  EXPECT_FALSE(active_.activate(ids[2]));
  EXPECT_THAT(active_.begun(), IsEmpty());
}

TEST_P(EmbeddedStoreIndexBuilderTest, AnIndexThatSomebodyElseBuildsIsRefreshedToo) {
  if (!index_->is_remote()) GTEST_SKIP() << "it is not shared";
  build();
  const auto other = Uuid::random();
  active_.begin(other);
  auto build = index_->build(other);
  const auto refreshed = std::vector{write("zebra")};
  updater_.refresh_now(refreshed);  // its scan is beyond this one
  build->finish();
  build->keep();
  build.reset();
  EXPECT_EQ(found("zebra"), refreshed);
  ASSERT_TRUE(active_.activate(other));
  ASSERT_TRUE(index_->open(other));
  EXPECT_EQ(found("zebra"), refreshed);
}

TEST_P(EmbeddedStoreIndexBuilderTest, AnIndexThatWasInvalidatedIsRefreshedWhileItIsInUse) {
  build();
  invalidate_all_indexes(*store_);
  const auto refreshed = std::vector{write("zebra")};
  updater_.refresh_now(refreshed);
  EXPECT_EQ(found("zebra"), refreshed);
}

constexpr auto name_of_engines = [](const ::testing::TestParamInfo<Engines>& engines) {
  return engines.param.name;
};
const Engines rocksdb_xapian{"RocksdbXapian", rocksdb_store, embedded_index, xapian_index};
const Engines rocksdb_opensearch{"RocksdbOpenSearch", rocksdb_store, opensearch_index,
                                 opensearch_index_of_its_own};
const Engines cassandra_xapian{"CassandraXapian", cassandra_store, embedded_index, xapian_index};
const Engines cassandra_opensearch{"CassandraOpenSearch", cassandra_store, opensearch_index,
                                   opensearch_index_of_its_own};

INSTANTIATE_TEST_SUITE_P(Engines, IndexBuilderTest,
                         ::testing::Values(rocksdb_xapian, rocksdb_opensearch, cassandra_xapian,
                                           cassandra_opensearch),
                         name_of_engines);
INSTANTIATE_TEST_SUITE_P(Engines, EmbeddedStoreIndexBuilderTest,
                         ::testing::Values(rocksdb_xapian, rocksdb_opensearch), name_of_engines);

}  // namespace
}  // namespace killrvideo
