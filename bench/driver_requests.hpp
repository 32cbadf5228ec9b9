// What killrvideo's requests do to Cassandra, statement by statement and without killrvideo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios.hpp"
#include "storage/cassandra/session.hpp"
#include "storage/cassandra/statements.hpp"
#include "storage/table.hpp"

namespace killrvideo::bench {

/// Makes the requests of one client, one after the other.
class DriverRequests {
 public:
  /// REQUIRES: `session` and `ids` outlive it.
  DriverRequests(storage::cassandra::Session& session, const std::string& keyspace,
                 const KnownIds& ids, std::uint64_t seed);

  /// Makes one request of a scenario, which is one of scenarios().
  Task<void> make(std::string_view scenario);

  static std::vector<std::string> scenarios();

 private:
  using LazyStatement = storage::cassandra::LazyStatement;
  using TableStatements = storage::cassandra::TableStatements;
  using Result = storage::cassandra::Result;
  using Request = Task<void> (DriverRequests::*)();

  static const std::vector<std::pair<std::string_view, Request>> requests;

  Task<void> get_video();
  Task<void> video_comments();
  Task<void> record_playback();
  Task<void> comment_on_video();
  Task<void> rate_video();
  Task<void> create_user();

  Task<Result> read(const LazyStatement& statement, storage::Values values);
  Task<Result> write(const LazyStatement& statement, storage::Values values, bool repeatable);
  Task<void> write_together(std::vector<storage::cassandra::BatchItem> items);
  Task<storage::cassandra::BatchItem> item(const LazyStatement& statement, storage::Values values);

  Uuid any(const std::vector<std::string>& ids);

  storage::cassandra::Session& session_;
  const KnownIds& ids_;
  Random random_;
  TableStatements videos_, by_video_, by_user_, outbox_, plays_, ratings_, ratings_by_user_,
      ratings_pending_, users_, credentials_, claims_;
  const Context context_{};
};

}  // namespace killrvideo::bench
