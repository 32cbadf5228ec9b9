// How long the first start on a cluster takes, which makes a keyspace with so many tables. The log
// says when each statement began. Prints one line of JSON.
//
//   tools/servers --dir build/servers-to-kill with cassandra --nodes 3 --base-ip 127.0.0.141 --
//     build/release/bench_first_start
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <thread>

#include "catalog/tables.hpp"
#include "storage/cassandra/metrics.hpp"
#include "storage/cassandra/upgrade.hpp"

namespace {

using namespace killrvideo;
using namespace killrvideo::storage;
using namespace killrvideo::storage::cassandra;

using AnyListing =
    Table<LatestVideo, Partition<&LatestVideo::yyyymmdd>,
          Clustering<Descending<&LatestVideo::added_date>, Ascending<&LatestVideo::videoid>>>;

std::vector<Address> addresses(const std::string& text) {
  std::vector<Address> found;
  std::istringstream list(text);
  for (std::string address; std::getline(list, address, ',');)
    found.push_back(parse_address(address).value());
  return found;
}

std::unique_ptr<Session> connect(const std::string& contact_points) {
  auto session = open_session({.contact_points = addresses(contact_points)},
                              std::make_shared<SessionMetrics>());
  run(session->connected(Context(0, std::chrono::system_clock::now() + std::chrono::minutes(1))));
  return session;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Makes an empty keyspace with many tables on Cassandra, and says how long that takes.");
  std::string contact_points, keyspace = "bench_first_start";
  std::size_t tables = 60, processes = 1;
  app.add_option("--contact-points", contact_points, "HOST:PORT,…")
      ->envname("KILLRVIDEO_TEST_CASSANDRA")
      ->required();
  app.add_option("--tables", tables, "how many tables")->capture_default_str();
  app.add_option("--processes", processes, "how many start at once")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  std::vector<std::unique_ptr<AnyListing>> made;
  Schema schema;
  for (std::size_t i = 0; i < tables; ++i) {
    made.push_back(std::make_unique<AnyListing>("listing_" + std::to_string(i)));
    schema.tables.push_back(made.back().get());
  }
  const Context context;
  const auto session = connect(contact_points);
  const auto drop = [&] {
    run(session->query(context, "DROP KEYSPACE IF EXISTS " + keyspace, {}));
    run(session->agree_on_schema(context));
  };
  drop();
  const auto begin = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> starts;
    for (std::size_t i = 0; i < processes; ++i)
      starts.emplace_back(
          [&] { open_store(connect(contact_points), schema, {.name = keyspace}, context); });
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  drop();
  std::cout << boost::json::object{{"tables", tables},
                                   {"processes", processes},
                                   {"seconds", taken.count()}}
            << '\n';
}
