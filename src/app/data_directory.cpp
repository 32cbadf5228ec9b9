#include "app/data_directory.hpp"

namespace killrvideo {

namespace fs = std::filesystem;

void make_data_directory(const Config& config) {
  const auto& directory = config.data_dir;
  std::error_code error;
  if (fs::create_directories(directory, error))
    fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    throw Error(Code::failed_precondition,
                "cannot make the data directory " + directory.string() + ": " + error.message());
}

fs::path store_directory(const Config& config) { return config.data_dir / "store"; }

fs::path search_directory(const Config& config) { return config.data_dir / "search"; }

fs::path admin_socket(const Config& config) { return config.data_dir / "admin.sock"; }

}  // namespace killrvideo
