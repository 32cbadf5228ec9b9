#include "storage/cassandra/schema_lock.hpp"

#include <fmt/format.h>

#include <thread>

#include "common/log.hpp"
#include "storage/cql.hpp"

namespace killrvideo::storage::cassandra {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 5min;
constexpr auto pause = 200ms;

/// The longest wait for the lock.
struct Shortly : Context {
  Shortly() : Context(0, std::chrono::system_clock::now() + 5s) {}
};

}  // namespace

SchemaLock::SchemaLock(Session& session, std::string table, Consistency serial,
                       const Context& context, const Patience& patience, Times times)
    : session_(session), table_(std::move(table)), serial_(serial), times_(times) {
  const auto end = Clock::now() + longest_wait;
  bool told = false;
  while (!try_to_get(context, patience)) {
    if (!told) log::info("another process is changing the schema: waiting for it");
    told = true;
    patience.check();
    if (Clock::now() > end)
      throw Error(Code::unavailable,
                  "another process has been changing the schema for minutes; if there is none, "
                  "delete the row 'lock' of " +
                      table_);
    std::this_thread::sleep_for(pause);
  }
  renewal_.emplace(times_.renewal, [this] { renew(); });
}

SchemaLock::~SchemaLock() {
  renewal_.reset();
  try {
    decide(Shortly(), Patience(),
           fmt::format("DELETE FROM {} WHERE name = 'lock' IF holder = {}", table_, mine_));
  } catch (const Error& error) {
    log::warn("cannot free the schema lock; it expires", {{"error", error.what()}});
  }
}

void SchemaLock::check() const {
  if (Clock::now() >= held_until_.load())
    throw Error(Code::unavailable,
                "the lock of the schema was lost, perhaps to another process, while the schema was "
                "being changed");
}

bool SchemaLock::try_to_get(const Context& context, const Patience& patience) {
  const auto begin = Clock::now();
  const bool got =
      decide(context, patience,
             fmt::format("INSERT INTO {} (name, holder) VALUES ('lock', {}) IF NOT EXISTS "
                         "USING TTL {}",
                         table_, mine_, times_.lifetime.count()));
  if (got) held_since(begin);
  return got;
}

bool SchemaLock::decide(const Context& context, const Patience& patience, const std::string& cql) {
  try {
    return patience.run(session_.query(context, cql, {})).applied();
  } catch (const SessionError& error) {
    if (!may_be_decided(error)) throw;
  }
  return holder(context, patience) == mine_;
}

std::string SchemaLock::holder(const Context& context, const Patience& patience) {
  std::string cql = fmt::format("SELECT holder FROM {} WHERE name = 'lock'", table_);
  const CallOptions options{.consistency = serial_, .idempotent = true};
  const Result found = patience.run(session_.query(context, std::move(cql), options));
  std::string holder;
  found.each_row([&](std::span<const Cell> row) {
    if (!is_null(row[0])) holder = Cql<Uuid>::decode(row[0]).to_string();
  });
  return holder;
}

void SchemaLock::renew() try {
  const auto begin = Clock::now();
  const bool held = decide(
      Shortly(), Patience(),
      fmt::format("UPDATE {} USING TTL {} SET holder = {} WHERE name = 'lock' IF holder = {}",
                  table_, times_.lifetime.count(), mine_, mine_));
  if (held) {
    held_since(begin);
  } else {
    held_until_ = Clock::time_point::min();
  }
} catch (const std::exception& error) {
  log::warn("cannot renew the schema lock", {{"error", error.what()}});
}

}  // namespace killrvideo::storage::cassandra
