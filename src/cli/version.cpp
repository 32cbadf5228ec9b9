#include "app/version.hpp"

#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <rocksdb/version.h>
#include <boost/version.hpp>

#include <iostream>

#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

ExitCode run_version(const Config&, const Arguments&) {
  std::cout << "killrvideo " << version() << "\n"
            << "gRPC " << grpc::Version() << "\n"
            << "protobuf " << google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)
            << "\n"
            << "RocksDB " << rocksdb::GetRocksVersionAsString() << "\n"
            << "Boost " << BOOST_VERSION / 100'000 << "." << BOOST_VERSION / 100 % 1000 << "."
            << BOOST_VERSION % 100 << "\n";
  return ExitCode::ok;
}

}  // namespace

Command version_command() {
  return {.name = "version",
          .summary = "Print the version of the program and of the libraries it was built with",
          .run = run_version};
}

}  // namespace killrvideo::cli
