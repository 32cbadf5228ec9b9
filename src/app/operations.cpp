#include "app/operations.hpp"

#include "transport/http/operations.hpp"

namespace killrvideo {

void Operations::listen(const Address& address) {
  auto readiness = [this] {
    auto reason = problem();
    return reason.empty() ? http::Readiness{true, "serving"}
                          : http::Readiness{false, std::move(reason)};
  };
  http_ = std::make_unique<http::Server>(
      address, http::operations_routes([this] { return metrics_.exposition(); }, readiness));
}

void Operations::stop() {
  if (http_) http_->stop();
}

void Operations::not_ready(std::string reason) {
  ready([reason = std::move(reason)] { return reason; });
}

void Operations::ready(std::function<std::string()> problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

std::string Operations::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_();
}

}  // namespace killrvideo
