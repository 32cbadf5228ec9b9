// Events over Kafka: from the commit of an event to the call of its handler, and beside it a bare
// loop of librdkafka, in which a record that was consumed has the next one produced. In both, each
// of some clients goes on when its event has come back. Prints one line of JSON.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstring>
#include <iostream>
#include <mutex>
#include <thread>

#include "app/metrics.hpp"
#include "app/schema.hpp"
#include "common/protobuf.hpp"
#include "events/kafka/consumer.hpp"
#include "events/kafka/publisher.hpp"
#include "events/kafka/topics.hpp"
#include "events/relay.hpp"
#include "latency_histogram.hpp"
#include "process_usage.hpp"
#include "ratings/ratings_events.pb.h"
#include "storage/rocksdb/engine.hpp"

namespace {

using namespace std::chrono_literals;
using namespace killrvideo;
using ratings::events::UserRatedVideo;
using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

struct CommandLine {
  kafka::Options kafka;
  std::size_t clients = 64;
  double warm_up = 2;
  double measured = 10;
};

// Each has one event on its way, about a key of its own.
class Clients {
 public:
  explicit Clients(std::size_t count) : began_(count), mark_(Uuid::random()) {}

  std::size_t count() const { return began_.size(); }

  // The number is in the first bytes, the rest tells this run's from others'.
  Uuid key(std::size_t client) const {
    Uuid key = mark_;
    for (std::size_t i = 0; i < number_size; ++i)
      key.bytes[i] = static_cast<std::uint8_t>(client >> (8 * i));
    key.bytes.back() = static_cast<std::uint8_t>(client);  // by which the outbox is sharded
    return key;
  }

  void begins(std::size_t client) {
    const std::lock_guard lock(mutex_);
    began_[client] = Clock::now();
  }

  // The client whose event has come back, if it is one of ours.
  std::optional<std::size_t> arrived(const Uuid& key) {
    std::size_t client = 0;
    for (std::size_t i = number_size; i-- > 0;) client = client << 8 | key.bytes[i];
    if (client >= count() || key != this->key(client)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (measuring_) latencies_.add(Clock::now() - began_[client]);
    return client;
  }

  void measure() {
    const std::lock_guard lock(mutex_);
    measuring_ = true;
  }

  bench::LatencyHistogram stop() {
    const std::lock_guard lock(mutex_);
    measuring_ = false;
    return latencies_;
  }

 private:
  static constexpr std::size_t number_size = 4;

  std::mutex mutex_;
  bool measuring_ = false;
  std::vector<Clock::time_point> began_;
  bench::LatencyHistogram latencies_;
  const Uuid mark_;
};

UserRatedVideo event_about(const Uuid& key) {
  UserRatedVideo event;
  write_id(VideoId(key), event.mutable_video_id());
  write_id(UserId(key), event.mutable_user_id());
  event.set_rating(5);
  return event;
}

template <class Condition>
void wait_for(const char* what, Condition condition) {
  const auto end = Clock::now() + 60s;
  while (!condition()) {
    if (Clock::now() > end) throw std::runtime_error(std::string("no ") + what);
    std::this_thread::sleep_for(10ms);
  }
}

boost::json::object measure(const CommandLine& line, Clients& clients) {
  std::this_thread::sleep_for(std::chrono::duration<double>(line.warm_up));
  const auto cpu = bench::cpu_time_of(::getpid());
  const auto began = Clock::now();
  clients.measure();
  std::this_thread::sleep_for(std::chrono::duration<double>(line.measured));
  const auto latencies = clients.stop();
  const std::chrono::duration<double> took = Clock::now() - began;
  const auto events = static_cast<double>(std::max<std::uint64_t>(latencies.count(), 1));
  return {{"events_per_second", static_cast<double>(latencies.count()) / took.count()},
          {"p50_us", Microseconds(latencies.percentile(0.50)).count()},
          {"p99_us", Microseconds(latencies.percentile(0.99)).count()},
          {"cpu_us", Microseconds(bench::cpu_time_of(::getpid()) - cpu).count() / events}};
}

Task<void> commit(storage::Store& store, Uuid key) {
  storage::Batch batch;
  add_event({}, batch, key, event_about(key));
  co_await store.commit({}, std::move(batch));
}

boost::json::object over_the_outbox(const CommandLine& line) {
  const auto directory =
      std::filesystem::current_path() / ("bench-events-" + Uuid::random().to_string());
  struct Removal {
    const std::filesystem::path& directory;
    ~Removal() { std::filesystem::remove_all(directory); }
  } const removal{directory};
  auto store = storage::rocksdb_engine::open_store(directory, schema(), {});
  run(make_outbox_positions(*store, {}));

  Metrics metrics;
  kafka::Metrics kafka_metrics(metrics.registry());
  kafka::Producer producer(line.kafka, {kafka::topic_of(UserRatedVideo().GetTypeName())},
                           kafka_metrics);
  Clients clients(line.clients);
  std::atomic<bool> ended = false;
  std::atomic<std::size_t> committing = 0;
  const auto send = [&](std::size_t client) {
    clients.begins(client);
    ++committing;
    start(commit(*store, clients.key(client)), [&](const std::exception_ptr&) { --committing; });
  };
  EventHandlers handlers;
  handlers.on<UserRatedVideo>("bench",
                              [&](const Context&, const UserRatedVideo& event) -> Task<void> {
                                const auto key = Uuid::parse(event.video_id().value());
                                const auto client = key ? clients.arrived(*key) : std::nullopt;
                                if (client && !ended) send(*client);
                                co_return;
                              });
  Relay::Options options;
  options.limits.in_flight = 1'000;  // as killrvideo has it with Kafka
  Relay relay(*store, kafka::publishers(producer), options, metrics.events());
  kafka::Consumer consumer(line.kafka, "bench", handlers, {}, producer, metrics.events(),
                           kafka_metrics, [] { return true; });
  for (std::size_t client = 0; client < clients.count(); ++client) send(client);
  auto report = measure(line, clients);
  ended = true;
  producer.close(2s);
  wait_for("end of commits", [&] { return committing == 0; });
  return report;
}

class BareLoop {
 public:
  BareLoop(const kafka::Options& options, Clients& clients)
      : clients_(clients), topic_("bench-" + Uuid::random().to_string()) {
    make_topic(options);
    make_clients(options);
    reports_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) rd_kafka_poll(producer_.get(), 100);
    });
    records_ = std::jthread([this](const std::stop_token& stop) { consume(stop); });
  }

  void begin() {
    for (std::size_t client = 0; client < clients_.count(); ++client) produce(client);
  }

 private:
  void make_topic(const kafka::Options& options) const {
    Metrics metrics;
    kafka::Metrics kafka_metrics(metrics.registry());
    const kafka::Producer producer(options, {topic_}, kafka_metrics);
    wait_for("topic", [&] { return producer.has_topics(); });
  }

  // With what src/events/kafka sets, too.
  void make_clients(const kafka::Options& options) {
    kafka::Conf producing(options);
    producing.set("enable.idempotence", "true").set("acks", "all").set("linger.ms", "2");
    producing.set("compression.type", "lz4");
    producer_ = std::move(producing).make(RD_KAFKA_PRODUCER);
    produced_to_.reset(rd_kafka_topic_new(producer_.get(), topic_.c_str(), nullptr));
    kafka::Conf consuming(options);
    consuming.set("group.id", topic_).set("auto.offset.reset", "earliest");
    consumer_ = std::move(consuming).make(RD_KAFKA_CONSUMER);
    rd_kafka_poll_set_consumer(consumer_.get());
    const kafka::Partitions topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer_.get(), topics.get());
  }

  void produce(std::size_t client) {
    clients_.begins(client);
    const auto key = clients_.key(client);
    const auto value = event_about(key).SerializeAsString();
    rd_kafka_produce(produced_to_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                     const_cast<char*>(value.data()), value.size(), key.bytes.data(),
                     key.bytes.size(), nullptr);
  }

  void consume(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const kafka::MessagePtr message(rd_kafka_consumer_poll(consumer_.get(), 100));
      Uuid key;
      if (!message || message->err || message->key_len != key.bytes.size()) continue;
      std::memcpy(key.bytes.data(), message->key, key.bytes.size());
      if (const auto client = clients_.arrived(key)) produce(*client);
    }
    rd_kafka_consumer_close(consumer_.get());
  }

  Clients& clients_;
  const std::string topic_;
  kafka::Handle producer_, consumer_;
  std::unique_ptr<rd_kafka_topic_t, kafka::Destroy<rd_kafka_topic_destroy>> produced_to_;
  std::jthread reports_, records_;
};

boost::json::object with_librdkafka_alone(const CommandLine& line) {
  Clients clients(line.clients);
  BareLoop loop(line.kafka, clients);
  loop.begin();
  return measure(line, clients);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Events over Kafka, or a bare loop of librdkafka", "bench_events"};
  CommandLine line;
  std::string server;
  bool bare = false;
  app.add_option("--bootstrap-server", server, "HOST:PORT of a broker")->required();
  app.add_option("--clients", line.clients, "Events on their way at any time")
      ->check(CLI::PositiveNumber);
  app.add_option("--warm-up", line.warm_up, "Seconds before measuring");
  app.add_option("--measured", line.measured, "Seconds measured")->check(CLI::PositiveNumber);
  app.add_flag("--bare", bare, "librdkafka alone");
  CLI11_PARSE(app, argc, argv);
  line.kafka.bootstrap_servers = {parse_address(server, 9092).value()};
  line.kafka.group_prefix = "bench-" + Uuid::random().to_string();
  line.kafka.dead_letter_topic = "bench-dead-letters";
  line.kafka.partitions = 6;
  std::cout << (bare ? with_librdkafka_alone(line) : over_the_outbox(line)) << std::endl;
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench_events: " << error.what() << "\n";
  return 1;
}
