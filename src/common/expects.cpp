#include "common/expects.hpp"

#include <fmt/format.h>

#include "common/error.hpp"

namespace killrvideo::detail {

void throw_unexpected(const char* requirement, const std::source_location& where) {
  throw Error(Code::internal, fmt::format("{}:{}: what is required does not hold: {}",
                                          where.file_name(), where.line(), requirement));
}

}  // namespace killrvideo::detail
