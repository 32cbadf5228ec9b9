// What a process has used so far, read from /proc.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace killrvideo::bench {

/// CPU time of all threads of `process`, ended ones included, in user and kernel mode; the kernel
/// tells it in steps of 10 ms. Throws std::runtime_error if there is no such process.
std::chrono::microseconds cpu_time_of(pid_t process);

}  // namespace killrvideo::bench
