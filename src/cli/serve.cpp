#include <csignal>
#include <iostream>

#include "app/application.hpp"
#include "app/settings.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

/// Holds back the signals that ask the process to end, in this thread and those it starts.
class EndSignals {
 public:
  EndSignals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals_);
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Returns when the first one comes. From then on SIGINT, which is somebody pressing Ctrl-C
  /// again, ends the process at once; nothing that was acknowledged depends on an orderly end.
  int wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
    sigset_t impatience;
    sigemptyset(&impatience);
    sigaddset(&impatience, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &impatience, nullptr);
    return signal;
  }

 private:
  sigset_t signals_;
};

ExitCode run(const Config& config, const Arguments&) {
  EndSignals signals;
  auto application =
      or_exit(ExitCode::data_unusable, [&] { return std::make_unique<Application>(config); });
  or_exit(ExitCode::address_unusable, [&] { application->listen(); });
  std::cout << "gRPC listening on " << to_string(application->grpc_address()) << "\n"
            << "HTTP listening on " << to_string(application->http_address()) << "\n"
            << "ready" << std::endl;
  log::info("serving", {{"grpc", to_string(application->grpc_address())},
                        {"http", to_string(application->http_address())},
                        {"data", config.data_dir.string()}});
  int signal = signals.wait();
  log::info("shutting down", {{"signal", signal}});
  application->shutdown();
  application.reset();
  log::info("closed");
  return ExitCode::ok;
}

}  // namespace

Command serve_command() {
  return {.name = "serve",
          .summary = "Run the services until interrupted",
          .description =
              "Prints the addresses it listens on and then `ready`. SIGINT and SIGTERM end it when "
              "the calls in flight are done; Ctrl-C once more ends it at once.",
          .settings = all_setting_names(),
          .run = run};
}

}  // namespace killrvideo::cli
