#include "search/opensearch/build.hpp"

#include <thread>

#include "common/clock.hpp"
#include "common/expects.hpp"
#include "common/log.hpp"
#include "search/opensearch/documents.hpp"

namespace killrvideo::opensearch {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_videos = 1'000;
constexpr std::size_t most_bytes = 4U << 20;

// OpenSearch refuses when too much waits there: then add() waits, too.
constexpr int most_tries = 8;
constexpr auto first_pause = 100ms;

void send_until_taken(IndexAdmin& admin, const std::string& bulk) {
  auto pause = first_pause;
  for (int tries = 1;; ++tries, pause *= 2) {
    try {
      return admin.bulk(bulk, false);
    } catch (const Error& error) {
      if (error.code() != Code::unavailable || tries == most_tries) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

Build::Build(IndexAdmin& admin, const Uuid& id) : admin_(admin), id_(id), begun_(now()) {
  admin_.create(id_);
}

Build::~Build() {
  if (sent_.valid()) sent_.wait();
  if (kept_) return;
  try {
    admin_.remove(admin_.name_of(id_));
  } catch (const std::exception& error) {
    log::warn("an unfinished index stays in OpenSearch for a day",
              {{"index", admin_.name_of(id_)}, {"error", error.what()}});
  }
}

void Build::add(const IndexedVideo& video) {
  append_video(gathered_, admin_.write_alias_of(id_), video, begun_);
  if (++videos_ >= most_videos || gathered_.size() >= most_bytes) send();
}

void Build::send() {
  await_sent();
  videos_ = 0;
  sent_ = std::async(std::launch::async, [this, bulk = std::exchange(gathered_, {})] {
    send_until_taken(admin_, bulk);
  });
}

void Build::await_sent() {
  if (sent_.valid()) sent_.get();
}

void Build::finish() {
  send();
  await_sent();
  admin_.refresh(id_);
  finished_ = true;
}

void Build::apply(const IndexChanges& changes) {
  expects(finished_, "finish() was called");
  std::string bulk;
  append_changes(bulk, admin_.write_alias_of(id_), changes);
  admin_.bulk(bulk, true);
}

}  // namespace killrvideo::opensearch
