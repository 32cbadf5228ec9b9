// The Cassandra driver alone, running the statements that killrvideo runs for a request: what its
// services on Cassandra are compared to. Prints one line of JSON like bench_load's.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json.hpp>
#include <iostream>
#include <latch>
#include <thread>

#include "driver_requests.hpp"
#include "latency_histogram.hpp"
#include "process_usage.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/session.hpp"

namespace {

using namespace killrvideo;
using namespace killrvideo::bench;
using namespace killrvideo::storage::cassandra;
using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

struct CommandLine {
  std::string contact_point;
  std::string keyspace;
  std::string scenario;
  std::string ids;
  int clients = 32;
  double warm_up = 1;
  double measured = 5;
};

/// One of several that ask at the same time, each again as soon as it has its answer.
class Client {
 public:
  Client(Session& session, const CommandLine& line, const KnownIds& ids, std::uint64_t seed)
      : scenario_(line.scenario), requests_(session, line.keyspace, ids, seed) {}

  Task<void> run(const std::atomic<bool>& measuring, const std::atomic<bool>& ending) {
    while (!ending) {
      const auto asked = Clock::now();
      co_await requests_.make(scenario_);
      if (measuring) latency_.push_back(Clock::now() - asked);
    }
  }

  const std::vector<std::chrono::nanoseconds>& latency() const { return latency_; }

 private:
  const std::string& scenario_;
  DriverRequests requests_;
  std::vector<std::chrono::nanoseconds> latency_;
};

boost::json::object measure(Session& session, const CommandLine& line) {
  const auto ids = KnownIds::read(line.ids);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < line.clients; ++i)
    clients.push_back(std::make_unique<Client>(session, line, ids, i));
  std::atomic<bool> measuring = false, ending = false, failed = false;
  std::latch ended(line.clients);
  for (auto& client : clients)
    start(client->run(measuring, ending), [&](const std::exception_ptr& error) {
      if (error) failed = true;
      ended.count_down();
    });
  std::this_thread::sleep_for(std::chrono::duration<double>(line.warm_up));
  const auto cpu = cpu_time_of(getpid());
  const auto began = Clock::now();
  measuring = true;
  std::this_thread::sleep_for(std::chrono::duration<double>(line.measured));
  measuring = false;
  const std::chrono::duration<double> took = Clock::now() - began;
  const auto cpu_used = cpu_time_of(getpid()) - cpu;
  ending = true;
  ended.wait();
  if (failed) throw std::runtime_error("a request failed");

  LatencyHistogram latency;
  for (const auto& client : clients)
    for (const auto one : client->latency()) latency.add(one);
  const auto requests = static_cast<double>(std::max<std::uint64_t>(latency.count(), 1));
  return {{"requests_per_second", requests / took.count()},
          {"cpu_us", static_cast<double>(cpu_used.count()) / requests},
          {"p50_us", Microseconds(latency.percentile(0.50)).count()},
          {"p99_us", Microseconds(latency.percentile(0.99)).count()}};
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"The Cassandra driver alone", "bench_driver"};
  CommandLine line;
  app.add_option("--contact-point", line.contact_point, "HOST:PORT")->required();
  app.add_option("--keyspace", line.keyspace)->required();
  app.add_option("--scenario", line.scenario)
      ->required()
      ->check(CLI::IsMember(DriverRequests::scenarios()));
  app.add_option("--ids", line.ids, "JSON file with the ids to ask for")->required();
  app.add_option("--clients", line.clients)->check(CLI::PositiveNumber);
  app.add_option("--warm-up", line.warm_up, "Seconds before measuring");
  app.add_option("--measured", line.measured, "Seconds measured");
  CLI11_PARSE(app, argc, argv);

  SessionOptions options;
  options.contact_points.push_back(parse_address(line.contact_point).value());
  auto session = open_session(options, std::make_shared<SessionMetrics>());
  run(session->connected(Context(0, std::chrono::system_clock::now() + std::chrono::seconds(30))));
  std::cout << measure(*session, line) << std::endl;
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench_driver: " << error.what() << "\n";
  return 1;
}
