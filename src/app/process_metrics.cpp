#include "app/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/version.hpp"

namespace killrvideo {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type,
                                double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  metric.counter.value = value;
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  file >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  return static_cast<double>(std::distance(begin(files), end(files)));
}

double max_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

prometheus::MetricFamily build_info() {
  auto info = family("killrvideo_build_info", "Always 1; the label tells the version.",
                     prometheus::MetricType::Gauge, 1);
  info.metric.front().label.push_back({"version", std::string(version())});
  return info;
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  using Type = prometheus::MetricType;
  return {
      build_info(),
      family("process_cpu_seconds_total", "Processor time used, user and system.", Type::Counter,
             processor_seconds()),
      family("process_resident_memory_bytes", "Resident memory.", Type::Gauge, resident_bytes()),
      family("process_open_fds", "Open file descriptors.", Type::Gauge, open_files()),
      family("process_max_fds", "The most file descriptors that may be open.", Type::Gauge,
             max_files()),
  };
}

}  // namespace killrvideo
