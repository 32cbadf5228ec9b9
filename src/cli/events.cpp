#include <iostream>

#include "app/dead_letter_routes.hpp"
#include "app/settings.hpp"
#include "app/stores.hpp"
#include "cli/commands.hpp"
#include "cli/running_server.hpp"

namespace killrvideo::cli {
namespace {

constexpr std::string_view all = "all";

// Which dead letters a command is about; nothing stands for all of them.
std::optional<TimeUuid> wanted_event(const Arguments& arguments, const std::string& action) {
  const auto* event = arguments.find<std::string>("EVENT");
  if (event == nullptr) throw Exit(ExitCode::usage, action + " needs the id of an event, or `all`");
  if (*event == all) return std::nullopt;
  if (const auto id = TimeUuid::parse(*event)) return id;
  throw Exit(ExitCode::usage,
             "EVENT is an id as `killrvideo events` prints it, or `all`, not " + *event);
}

std::unique_ptr<storage::Store> own_store(const Config& config) {
  return or_exit(ExitCode::data_unusable, [&] { return open_existing_store(config); });
}

std::optional<DeadLetterPage> page_of_server(const Config& config, const std::string& state) {
  std::string target = dead_letters_path;
  if (!state.empty()) target += std::string("?") + paging_state_parameter + "=" + state;
  auto answer = ask_running_server(config, "GET", target);
  if (!answer) return std::nullopt;
  return DeadLetterPage{std::move(answer->body), answer->header(paging_state_header)};
}

void list(const Config& config) {
  std::unique_ptr<storage::Store> store;
  std::string state;
  do {
    auto page = store ? std::nullopt : page_of_server(config, state);
    if (!page && !store) store = own_store(config);
    if (!page) page = list_dead_letters(*store, state);
    std::cout << page->lines << std::flush;
    state = std::move(page->paging_state);
  } while (!state.empty());
}

std::string settle(const Config& config, const std::string& action,
                   const std::optional<TimeUuid>& event) {
  auto target = std::string(dead_letters_path) + "?action=" + action;
  if (event) target += "&event=" + event->to_string();
  if (auto done = ask_running_server(config, "POST", target)) return std::move(done->body);
  return settle_dead_letters(*own_store(config), action, event);
}

ExitCode run_events(const Config& config, const Arguments& arguments) {
  const auto& action = arguments.get<std::string>("ACTION");
  if (action == "list") {
    list(config);
  } else {
    std::cout << settle(config, action, wanted_event(arguments, action));
  }
  return ExitCode::ok;
}

}  // namespace

Command events_command() {
  return {.name = "events",
          .summary = "List events that could not be delivered, send them again or discard them",
          .description =
              "An event that a handler failed to take `event-tries` times is a dead letter: it is "
              "kept, and others of its user or video go on. `list` prints these as JSON lines, "
              "`resend` makes them new events, which all handlers get, `discard` deletes them. "
              "Works beside a running server and without one. With Kafka these are the events that "
              "Kafka refused; what a consumer failed to take is on `kafka-dead-letter-topic`.",
          .settings = store_setting_names(),
          .positionals = {{.name = "ACTION",
                           .kind = kinds::one_of({"list", "resend", "discard"}),
                           .help = "list, resend or discard."},
                          {.name = "EVENT",
                           .kind = kinds::text("EVENT"),
                           .help = "Which one to send again or discard, by its id, or `all`.",
                           .required = false}},
          .run = run_events};
}

}  // namespace killrvideo::cli
