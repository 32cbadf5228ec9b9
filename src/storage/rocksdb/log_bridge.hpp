// Passes RocksDB's messages to the program's log; otherwise it writes log files beside the data.
#pragma once

#include <rocksdb/env.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>

#include "common/log.hpp"

namespace killrvideo::storage::rocksdb_engine {

class LogBridge : public rocksdb::Logger {
 public:
  LogBridge() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  /// Until this is called, all messages have level debug: the caller of open() reports its failure.
  void opened() { opened_ = true; }

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
  }

  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel()) return;
    char text[1'024];
    std::vsnprintf(text, sizeof text, format, arguments);
    // Its warnings are about its own workings; failures reach us as statuses as well.
    bool is_error = opened_ && level >= rocksdb::InfoLogLevel::ERROR_LEVEL;
    log::Level ours = is_error ? log::Level::warn : log::Level::debug;
    if (log::enabled(ours)) log::write(ours, "rocksdb", {{"text", text}});
  }

 private:
  std::atomic<bool> opened_{false};
};

}  // namespace killrvideo::storage::rocksdb_engine
