#include <csignal>
#include <filesystem>
#include <iostream>

#include "app/application.hpp"
#include "app/sample_data.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"

namespace killrvideo::cli {
namespace {

/// Holds back the signals that ask the process to end, in this thread and those it starts; but for
/// those that were ignored when it started, by nohup or by a shell for what runs in the background.
/// They stay ignored: one that is blocked would be kept for wait() nevertheless.
class EndSignals {
 public:
  EndSignals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals_);
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
      if (!is_ignored(signal)) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Whether one has come that wait() would return for.
  bool came() const {
    sigset_t pending;
    sigpending(&pending);
    sigandset(&pending, &pending, &signals_);
    return sigisemptyset(&pending) == 0;
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
  static bool is_ignored(int signal) {
    struct sigaction action{};
    sigaction(signal, nullptr, &action);
    return action.sa_handler == SIG_IGN;
  }

  sigset_t signals_{};
};

// In a form that a shell takes for one word.
std::string shell_word(const std::string& text) {
  static constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._:-";
  if (text.find_first_not_of(plain) == text.npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

// Where a client on this machine reaches the server.
Address reachable(Address address) {
  if (address.host == "0.0.0.0") address.host = "127.0.0.1";
  if (address.host == "::") address.host = "::1";
  return address;
}

// With TLS, a call needs files of the client's, which are not known here.
void print_commands_to_try(const Config& config, const Address& grpc) {
  const auto calls = sample_calls(config.services);
  if (config.tls.enabled() || calls.empty()) return;
  const auto program = shell_word(std::filesystem::read_symlink("/proc/self/exe").string());
  const auto address = to_string(reachable(grpc));
  const bool usual = address == to_string(default_config().grpc_address);
  std::cout << "Try, in another terminal:\n";
  for (const auto& call : calls)
    std::cout << "  " << program << " call "
              << (usual ? "" : "--grpc-address " + shell_word(address) + " ") << call.method << " '"
              << call.request << "'\n";
  std::cout << std::flush;
}

ExitCode run_serve(const Config& config, const Arguments&) {
  EndSignals signals;
  Operations operations;
  or_exit(ExitCode::address_unusable, [&] { operations.listen(config.http_address); });
  const auto give_up = [&] { return signals.came(); };
  auto store =
      or_exit(ExitCode::data_unusable, [&] { return open_store(config, operations, give_up); });
  if (!store) return ExitCode::ok;
  auto application = std::make_unique<Application>(config, operations, std::move(store));
  bool sample = false;
  const bool started = or_exit(ExitCode::data_unusable, [&] {
    auto& opened = application->store();
    return wait_for_store(opened, operations, give_up, [&] { application->start(); }) &&
           wait_for_store(opened, operations, give_up,
                          [&] { sample = config.sample_data && add_sample_data(opened); });
  });
  if (!started) return ExitCode::ok;
  or_exit(ExitCode::data_unusable, [&] { application->take_commands(); });
  or_exit(ExitCode::address_unusable, [&] { application->listen(); });
  std::cout << "gRPC listening on " << to_string(application->grpc_address()) << "\n"
            << "HTTP listening on " << to_string(operations.address()) << "\n"
            << "ready\n"
            << std::flush;
  if (sample) print_commands_to_try(config, application->grpc_address());
  log::info("serving", {{"grpc", to_string(application->grpc_address())},
                        {"http", to_string(operations.address())},
                        {"data", config.data_dir.string()}});
  int signal = signals.wait();
  log::info("shutting down", {{"signal", signal}});
  application->shutdown();
  application.reset();
  operations.stop();
  log::info("closed");
  return ExitCode::ok;
}

}  // namespace

Command serve_command() {
  return {.name = "serve",
          .summary = "Run the services until interrupted",
          .description =
              "Prints the addresses it listens on and then `ready`. SIGINT and SIGTERM end it when "
              "the calls in flight are done; Ctrl-C once more ends it at once. Signals that were "
              "ignored "
              "at its start stay ignored, so nohup holds.",
          .settings = all_setting_names(),
          .run = run_serve};
}

}  // namespace killrvideo::cli
