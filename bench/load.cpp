// The load generator: runs one scenario against one server and prints what came of it as one line
// of JSON. Exit codes: 0 all answers were right, 1 some were not, 2 the command line is wrong.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "closed_loop.hpp"
#include "comment_walk.hpp"
#include "connection.hpp"
#include "scenarios.hpp"
#include "visible.hpp"

namespace {

namespace json = boost::json;
using namespace killrvideo::bench;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr const char* walk_scenario = "comment-walk";
constexpr const char* rating_scenario = "rating-visible";
constexpr const char* submission_scenario = "submission-visible";

struct CommandLine {
  std::string target;
  std::string scenario;
  std::string ids;
  int channels = 4;
  int samples = 2000;
  double warm_up = 1;
  double measured = 5;
  LoadOptions options;
};

void declare(CLI::App& app, CommandLine& line) {
  auto names = scenario_names();
  names.push_back(walk_scenario);
  names.push_back(rating_scenario);
  names.push_back(submission_scenario);
  app.add_option("--target", line.target, "Server to ask, as IPv4:PORT")->required();
  app.add_option("--scenario", line.scenario)->required()->check(CLI::IsMember(names));
  app.add_option("--ids", line.ids, "JSON file with the ids to ask for")->required();
  app.add_option("--clients", line.options.clients, "Calls outstanding at any time")
      ->check(CLI::PositiveNumber);
  app.add_option("--channels", line.channels, "Connections the clients share")
      ->check(CLI::PositiveNumber);
  app.add_option("--warm-up", line.warm_up, "Seconds before measuring")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--measured", line.measured, "Seconds measured")->check(CLI::PositiveNumber);
  app.add_option("--samples", line.samples,
                 "Samples of each page in comment-walk, and of what is waited for in the others")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", line.options.seed, "Of the random choices");
  app.add_option("--server-pid", line.options.server, "Process whose CPU time to tell");
}

json::object report_of(const PageTimes& times) {
  return {{"mean_us", Microseconds(times.mean).count()},
          {"median_us", Microseconds(times.median).count()}};
}

json::object run_walk(const CommandLine& line, const KnownIds& ids) {
  const auto walk = walk_comments(connect(line.target, 1).front(), ids.walked_video, line.samples);
  return {{"comments_seen", walk.comments},
          {"first_page", report_of(walk.first)},
          {"far_page", report_of(walk.far)}};
}

json::object report_of(std::vector<std::chrono::nanoseconds> times) {
  std::ranges::sort(times);
  const auto at = [&](std::size_t percent) {
    return Microseconds(times[std::min(times.size() - 1, times.size() * percent / 100)]).count();
  };
  return {{"p50_us", at(50)}, {"p99_us", at(99)}};
}

json::object run_rating(const CommandLine& line, const KnownIds& ids) {
  return report_of(wait_for_ratings(connect(line.target, 1).front(), ids.videos, line.samples));
}

json::object run_submission(const CommandLine& line) {
  return report_of(wait_for_submissions(connect(line.target, 1).front(), line.samples));
}

json::object run_load(const CommandLine& line, const KnownIds& ids) {
  const auto scenario = make_scenario(line.scenario, ids);
  const auto result = run_closed_loop(connect(line.target, line.channels), scenario, line.options);
  const auto requests = static_cast<double>(std::max<std::uint64_t>(result.requests, 1));
  json::object report{
      {"clients", line.options.clients},
      {"requests", result.requests},
      {"seconds", result.seconds.count()},
      {"requests_per_second", static_cast<double>(result.requests) / result.seconds.count()},
      {"client_cpu_us", static_cast<double>(result.client_cpu.count()) / requests},
      {"p50_us", Microseconds(result.latency.percentile(0.50)).count()},
      {"p99_us", Microseconds(result.latency.percentile(0.99)).count()},
      {"p999_us", Microseconds(result.latency.percentile(0.999)).count()},
      {"errors", json::value_from(result.errors)},
  };
  if (line.options.server) {
    report["server_cpu_us"] = static_cast<double>(result.server_cpu.count()) / requests;
  }
  return report;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Load generator for killrvideo's gRPC services", "bench_load"};
  CommandLine line;
  declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  line.options.warm_up = std::chrono::duration<double>(line.warm_up);
  line.options.measured = std::chrono::duration<double>(line.measured);

  const auto ids = KnownIds::read(line.ids);
  auto report = line.scenario == walk_scenario         ? run_walk(line, ids)
                : line.scenario == rating_scenario     ? run_rating(line, ids)
                : line.scenario == submission_scenario ? run_submission(line)
                                                       : run_load(line, ids);
  report["scenario"] = line.scenario;
  std::cout << report << std::endl;
  const auto* errors = report.if_contains("errors");
  return errors && !errors->as_object().empty() ? 1 : 0;
} catch (const std::exception& error) {
  std::cerr << "bench_load: " << error.what() << "\n";
  return 1;
}
