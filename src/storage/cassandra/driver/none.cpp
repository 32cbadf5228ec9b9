// Stands for the driver in a build without one (KILLRVIDEO_CASSANDRA=OFF).
#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

std::unique_ptr<Session> open_session(SessionOptions, std::shared_ptr<SessionMetrics>) {
  throw Error(Code::invalid_argument,
              "store: this killrvideo was built without Cassandra; use rocksdb");
}

}  // namespace killrvideo::storage::cassandra
