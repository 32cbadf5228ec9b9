#include "process_usage.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace killrvideo::bench {

std::chrono::microseconds cpu_time_of(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/stat";
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');  // The name may hold blanks; what follows does not.
  if (end_of_name == std::string::npos) throw std::runtime_error("cannot read " + path);

  std::istringstream fields(line.substr(end_of_name + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user_ticks = 0;
  std::int64_t system_ticks = 0;
  if (!(fields >> user_ticks >> system_ticks)) throw std::runtime_error("cannot parse " + path);

  const std::int64_t microseconds_per_tick = 1'000'000 / sysconf(_SC_CLK_TCK);
  return std::chrono::microseconds((user_ticks + system_ticks) * microseconds_per_tick);
}

}  // namespace killrvideo::bench
