#include "search/xapian/readers.hpp"

namespace killrvideo::xapian_engine {

void Readers::use(const std::filesystem::path& directory) {
  std::lock_guard lock(mutex_);
  directory_ = directory;
  ++directory_number_;
  idle_.clear();
  in_use_.store(true, std::memory_order_release);
}

void Readers::close() {
  std::lock_guard lock(mutex_);
  in_use_.store(false, std::memory_order_release);
  ++directory_number_;
  idle_.clear();
}

std::unique_ptr<Readers::Reader> Readers::take() {
  std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void Readers::put_back(std::unique_ptr<Reader> reader) {
  std::lock_guard lock(mutex_);
  if (reader->directory_number == directory_number_.load()) idle_.push_back(std::move(reader));
}

void Readers::bring_up_to_date(std::unique_ptr<Reader>& reader) {
  // Read first, so that a commit in between makes the next question reopen once more.
  const auto version = version_.load(std::memory_order_acquire);
  const auto number = directory_number_.load();
  if (reader && reader->directory_number == number) {
    if (reader->version != version) reader->database.reopen();
  } else {
    reader.reset();
    std::filesystem::path directory;
    {
      std::lock_guard lock(mutex_);
      if (!in_use_) throw not_in_use();
      directory = directory_;
    }
    reader = std::make_unique<Reader>(version, number, Xapian::Database());
    reader->database = Xapian::Database(directory.string());
  }
  reader->version = version;
}

}  // namespace killrvideo::xapian_engine
