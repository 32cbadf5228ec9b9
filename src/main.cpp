#include <iostream>

#include "app/schema.hpp"
#include "cli/exit_code.hpp"
#include "cli/program.hpp"

// Here rather than in the library, as tests have tables of their own.
int main(int argc, char** argv) {
  const auto missing = killrvideo::storage::missing_tables(killrvideo::schema());
  for (const auto& table : missing)
    std::cerr << "killrvideo: the table " << table << " is missing in src/app/schema.cpp\n";
  if (!missing.empty()) return static_cast<int>(killrvideo::cli::ExitCode::failed);
  return killrvideo::cli::run_program(argc, argv);
}
