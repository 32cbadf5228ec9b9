#include "closed_loop.hpp"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>

#include "process_usage.hpp"
#include "transport/grpc/status_names.hpp"

namespace killrvideo::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_silence{30};
constexpr std::uint64_t most_errors = 1000;
constexpr std::uint64_t parsed_one_in = 64;

std::string_view bytes_of(const grpc::Slice& slice) {
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

/// One client: at most one call at a time, each in the place of the one before.
class Client {
 public:
  Client(std::shared_ptr<grpc::Channel> channel, const Scenario& scenario,
         grpc::CompletionQueue& queue)
      : stub_(std::move(channel)), scenario_(scenario), queue_(queue) {}

  void ask(Random& random) {
    request_ = scenario_.next_request(random);
    answer_.Clear();
    context_.emplace();
    asked_ = Clock::now();
    call_ = stub_.PrepareUnaryCall(&*context_, scenario_.method, grpc::ByteBuffer(&request_, 1),
                                   &queue_);
    call_->StartCall();
    call_->Finish(&answer_, &status_, this);
  }

  Clock::time_point asked() const { return asked_; }

  /// Empty if the answer is right; looks into it only if `parse`.
  std::string error(bool parse) const {
    if (!status_.ok()) return std::string(grpc_status_name(status_.error_code()));
    if (answer_.Length() < scenario_.shortest_answer) return "wrong answer";
    if (!parse) return {};
    grpc::Slice slice;
    const bool right = answer_.DumpToSingleSlice(&slice).ok() &&
                       scenario_.is_right(bytes_of(request_), bytes_of(slice));
    return right ? "" : "wrong answer";
  }

 private:
  grpc::GenericStub stub_;
  const Scenario& scenario_;
  grpc::CompletionQueue& queue_;
  grpc::Slice request_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  Clock::time_point asked_;
};

class ClosedLoop {
 public:
  ClosedLoop(const std::vector<std::shared_ptr<grpc::Channel>>& channels, const Scenario& scenario,
             const LoadOptions& options)
      : options_(options), random_(options.seed) {
    for (int i = 0; i < options.clients; ++i) {
      const auto& channel = channels[static_cast<std::size_t>(i) % channels.size()];
      clients_.push_back(std::make_unique<Client>(channel, scenario, queue_));
    }
  }

  LoadResult run() {
    for (const auto& client : clients_) client->ask(random_);
    run_until(Clock::now() + duration_cast<Clock::duration>(options_.warm_up));

    result_.latency = {};
    const auto server_cpu = server_cpu_time();
    const auto client_cpu = cpu_time_of(getpid());
    const auto started = Clock::now();
    run_until(started + duration_cast<Clock::duration>(options_.measured));
    result_.seconds = Clock::now() - started;
    result_.server_cpu = server_cpu_time() - server_cpu;
    result_.client_cpu = cpu_time_of(getpid()) - client_cpu;
    result_.requests = result_.latency.count();

    for (std::size_t waiting = clients_.size(); waiting > 0; --waiting) take_answer();
    return std::move(result_);
  }

 private:
  void run_until(Clock::time_point end) {
    for (auto now = Clock::now(); now < end && errors_ < most_errors;) {
      auto& client = take_answer();
      now = Clock::now();
      result_.latency.add(now - client.asked());
      client.ask(random_);
    }
  }

  Client& take_answer() {
    void* tag = nullptr;
    bool ok = false;
    const auto deadline = std::chrono::system_clock::now() + longest_silence;
    if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) {
      throw std::runtime_error("the server has not answered anything for 30 seconds");
    }
    auto& client = *static_cast<Client*>(tag);
    const bool parse = answers_++ % parsed_one_in == 0;
    if (const auto error = client.error(parse); !error.empty()) {
      ++result_.errors[error];
      ++errors_;
    }
    return client;
  }

  std::chrono::microseconds server_cpu_time() const {
    return options_.server ? cpu_time_of(*options_.server) : std::chrono::microseconds{0};
  }

  const LoadOptions& options_;
  Random random_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Client>> clients_;
  LoadResult result_;
  std::uint64_t answers_ = 0;
  std::uint64_t errors_ = 0;
};

}  // namespace

LoadResult run_closed_loop(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                           const Scenario& scenario, const LoadOptions& options) {
  return ClosedLoop(channels, scenario, options).run();
}

}  // namespace killrvideo::bench
