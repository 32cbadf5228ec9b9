// The baseline of all benchmarks: a bare gRPC server that answers GetVideo with a constant.
//
// It has the threads that the program has, gRPC's own callback threads and no others, and does
// nothing that gRPC does not make it do. No service of ours can be faster; how close one comes is
// what the benchmarks tell.
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "video-catalog/video_catalog_service.grpc.pb.h"

namespace {

using namespace killrvideo::video_catalog;

/// A video as people submit them: a title, two sentences of description, five tags.
GetVideoResponse typical_video() {
  GetVideoResponse video;
  video.mutable_video_id()->set_value("7f0a4c1e-52b3-4c8e-9d27-3b1f6a90e5d4");
  video.mutable_user_id()->set_value("c3d9e8f2-0a6b-4f17-8e45-d2b7a1c09f63");
  video.set_name("A quiet morning at the harbour, seen from the old light tower");
  video.set_description(
      "Fishing boats leave one after the other while the fog is still lying on the water, and the "
      "gulls find out about it. Filmed in a single take from the gallery of the light tower, with "
      "the sound as it was.");
  video.set_location("aqz-KE-bpKQ");
  video.set_location_type(YOUTUBE);
  for (const char* tag : {"harbour", "morning", "fog", "documentary", "sea"}) video.add_tags(tag);
  video.mutable_added_date()->set_seconds(1'735'689'600);
  video.mutable_added_date()->set_nanos(123'000'000);
  return video;
}

/// Answers calls some time after they came, in a thread of its own: as a server does that asks
/// others.
class Later {
 public:
  explicit Later(std::chrono::microseconds delay) : delay_(delay) {}

  void finish(grpc::ServerUnaryReactor* reactor) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(Clock::now() + delay_, reactor);
    if (waiting_.size() == 1) changed_.notify_one();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
      const auto [due, reactor] = waiting_.front();
      lock.unlock();
      std::this_thread::sleep_until(due);
      reactor->Finish(grpc::Status::OK);
      lock.lock();
      waiting_.pop_front();
    }
  }

  const std::chrono::microseconds delay_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::pair<Clock::time_point, grpc::ServerUnaryReactor*>> waiting_;
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};
};

class ConstantCatalog final : public VideoCatalogService::CallbackService {
 public:
  explicit ConstantCatalog(std::chrono::microseconds delay) {
    if (delay.count() > 0) later_.emplace(delay);
  }

  grpc::ServerUnaryReactor* GetVideo(grpc::CallbackServerContext* context, const GetVideoRequest*,
                                     GetVideoResponse* response) override {
    *response = video_;
    auto* reactor = context->DefaultReactor();
    if (later_) {
      later_->finish(reactor);
    } else {
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }

 private:
  const GetVideoResponse video_ = typical_video();
  std::optional<Later> later_;
};

/// Blocks until the process is asked to end. Signals must be blocked before any thread starts.
void wait_for_signal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A gRPC server that answers GetVideo with a constant", "bench_ceiling"};
  std::string host = "127.0.0.1";
  app.add_option("--host", host, "Address to listen on; the port is any free one");
  int answer_after = 0;
  app.add_option("--answer-after", answer_after, "Microseconds, then answers in another thread");
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ConstantCatalog catalog{std::chrono::microseconds(answer_after)};
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(host + ":0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&catalog);
  const auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::cerr << "bench_ceiling: cannot listen on " << host << "\n";
    return 5;
  }
  std::cout << "gRPC listening on " << host << ":" << port << "\nready" << std::endl;

  wait_for_signal(signals);
  server->Shutdown();
}
