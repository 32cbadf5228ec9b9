#include "cli/program.hpp"

int main(int argc, char** argv) { return killrvideo::cli::run_program(argc, argv); }
