#include "storage/cassandra/session.hpp"

namespace killrvideo::storage::cassandra {

bool Result::applied() const {
  if (parts_.row_count == 0) throw_corrupt("a condition without an answer");
  std::string_view rest = parts_.cells;
  Cell applied = take_value(rest);  // "[applied]" comes first, before the columns of the row
  return applied == std::string_view("\x01", 1);
}

std::string_view to_string(Failure failure) {
  switch (failure) {
    case Failure::not_connected:
      return "not_connected";
    case Failure::unavailable:
      return "unavailable";
    case Failure::overloaded:
      return "overloaded";
    case Failure::read_timeout:
      return "read_timeout";
    case Failure::write_timeout:
      return "write_timeout";
    case Failure::read_failure:
      return "read_failure";
    case Failure::logged_once:
      return "logged_once";
    case Failure::write_failure:
      return "write_failure";
    case Failure::connection_lost:
      return "connection_lost";
    case Failure::client_timeout:
      return "client_timeout";
    case Failure::cancelled:
      return "cancelled";
    case Failure::already_exists:
      return "already_exists";
    case Failure::rejected:
      return "rejected";
    case Failure::other:
      break;
  }
  return "other";
}

}  // namespace killrvideo::storage::cassandra
