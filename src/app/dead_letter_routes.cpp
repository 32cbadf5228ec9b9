#include "app/dead_letter_routes.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>

#include <boost/json.hpp>

#include "common/paging.hpp"
#include "events/dead_letters.hpp"

namespace killrvideo {
namespace {

namespace json = boost::json;

// The event's message as JSON; null if it is none.
json::value message_of(const DeadLetter& dead) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(dead.type);
  const auto* prototype =
      type ? google::protobuf::MessageFactory::generated_factory()->GetPrototype(type) : nullptr;
  if (prototype == nullptr) return nullptr;
  const std::unique_ptr<google::protobuf::Message> message(prototype->New());
  std::string text;
  if (!message->ParseFromString(dead.payload.bytes) ||
      !google::protobuf::util::MessageToJsonString(*message, &text).ok())
    return nullptr;
  return json::parse(text);
}

std::string line_of(const DeadLetter& dead) {
  const json::object line{{"event", dead.eventid.to_string()},
                          {"type", dead.type},
                          {"key", dead.key.to_string()},
                          {"handlers", dead.handlers},
                          {"tries", dead.tries},
                          {"error", dead.error},
                          {"trace", dead.trace},
                          {"message", message_of(dead)}};
  return json::serialize(line) + "\n";
}

std::optional<TimeUuid> event_of(const http::Request& request) {
  const auto event = request.query.find("event");
  if (event == request.query.end()) return std::nullopt;
  if (const auto id = TimeUuid::parse(event->second)) return id;
  throw invalid("event", "is no time-based UUID");
}

}  // namespace

DeadLetterPage list_dead_letters(storage::Store& store, const std::string& paging_state) {
  const Cursor cursor("dead letters", {}, paging_state);
  const auto letters = run(dead_letters(store, Context{}, cursor.state()));
  DeadLetterPage page{.paging_state = cursor.token(letters.state)};
  for (const DeadLetter& dead : letters.rows) page.lines += line_of(dead);
  return page;
}

std::string settle_dead_letters(storage::Store& store, const std::string& action,
                                const std::optional<TimeUuid>& event) {
  if (action != "resend" && action != "discard")
    throw invalid("action", "must be resend or discard, not " + action);
  const bool resend = action == "resend";
  const auto count = run(settle_dead_letters(
      store, Context{}, resend ? DeadLetterAction::resend : DeadLetterAction::discard, event));
  return std::to_string(count) + (resend ? " sent again\n" : " discarded\n");
}

void add_dead_letter_routes(http::Routes& routes, storage::Store& store) {
  routes
      .add("GET", dead_letters_path,
           [&store](const http::Request& request) {
             const auto state = request.query.find(paging_state_parameter);
             auto page =
                 list_dead_letters(store, state == request.query.end() ? "" : state->second);
             http::Response response{.body = std::move(page.lines)};
             if (!page.paging_state.empty())
               response.headers = {{paging_state_header, std::move(page.paging_state)}};
             return response;
           })
      .add("POST", dead_letters_path, [&store](const http::Request& request) {
        const auto action = request.query.find("action");
        if (action == request.query.end()) throw invalid("action", "is required");
        return http::Response{.body =
                                  settle_dead_letters(store, action->second, event_of(request))};
      });
}

}  // namespace killrvideo
