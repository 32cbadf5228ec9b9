// Every table of the program.
#pragma once

#include "storage/schema.hpp"

namespace killrvideo {

const storage::Schema& schema();

}  // namespace killrvideo
