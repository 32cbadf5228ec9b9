// Sleeping without blocking a thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_executor.hpp>
#include <chrono>

#include "common/task.hpp"

namespace killrvideo {

/// Returns after `duration`, in a thread of Asio's own pool, which the caller must not block.
inline Task<void> sleep_for(std::chrono::milliseconds duration) {
  asio::steady_timer timer(asio::system_executor(), duration);
  co_await timer.async_wait(use_task);
}

}  // namespace killrvideo
