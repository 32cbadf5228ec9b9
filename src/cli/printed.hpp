// The texts that `killrvideo print` prints, made from the tables of commands and settings.
#pragma once

#include <string>

namespace killrvideo::cli {

/// The man page killrvideo(1), for man or mandoc.
std::string manual();

/// A script for bash that completes commands, flags and their values.
std::string bash_completion();

/// A configuration file with every setting, explained and commented out at its default.
std::string commented_configuration();

}  // namespace killrvideo::cli
