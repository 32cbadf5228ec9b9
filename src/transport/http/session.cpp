#include "transport/http/session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using boost::system::error_code;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::optional<Request> to_request(beast::http::request<beast::http::string_body> message) {
  const auto url = boost::urls::parse_origin_form(message.target());
  if (!url) return std::nullopt;
  Request request{.method = message.method_string(),
                  .path = url->path(),
                  .query = {},
                  .body = std::move(message.body()),
                  .trace = Trace::continued(message[Trace::header])};
  for (const auto& parameter : url->params()) {
    request.query.insert_or_assign(parameter.key, parameter.value);
  }
  return request;
}

// What to tell a client whose request could not be read; nothing if it can no longer be told.
std::optional<Response> problem_of(error_code error) {
  using beast::http::error;
  if (error == error::header_limit) return problem(431, "the header is too large");
  if (error == error::body_limit) return problem(413, "the body is too large");
  if (error == error::end_of_stream || error == error::partial_message) return std::nullopt;
  if (error.category() == beast::http::make_error_code(error::bad_method).category()) {
    return problem(400, "this is not HTTP: " + error.message());
  }
  return std::nullopt;
}

}  // namespace

asio::awaitable<void> Session::run() {
  bool keep_alive = true;
  while (keep_alive && !stopping_) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser.body_limit(limits_.body_bytes);
    const auto error = co_await read(parser);
    keep_alive = co_await answer(error, parser);
  }
  error_code ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

void Session::stop() {
  stopping_ = true;
  if (reading_) stream_.cancel();
}

asio::awaitable<error_code> Session::read(Parser& parser) {
  error_code error;
  reading_ = true;
  if (buffer_.size() == 0) {
    stream_.expires_after(limits_.idle);
    buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(4096), into(error)));
  }
  if (!error) {
    stream_.expires_after(limits_.request);
    co_await beast::http::async_read(stream_, buffer_, parser, into(error));
  }
  reading_ = false;
  co_return error;
}

asio::awaitable<bool> Session::answer(error_code error, Parser& parser) {
  if (error) {
    if (const auto response = problem_of(error)) co_await write(*response, false, true);
    co_return false;
  }
  const bool keep_alive = parser.get().keep_alive();
  const auto request = to_request(parser.release());
  if (!request) co_return co_await write(problem(400, "the target is not a path"), false, true);
  co_return co_await write(routes_.handle(*request), keep_alive, request->method != "HEAD");
}

asio::awaitable<bool> Session::write(const Response& response, bool keep_alive, bool with_body) {
  beast::http::response<beast::http::string_body> message;
  message.result(static_cast<unsigned>(response.status));
  message.set(beast::http::field::content_type, response.content_type);
  message.set(beast::http::field::cache_control, "no-store");
  for (const auto& header : response.headers) message.set(header.name, header.value);
  message.keep_alive(keep_alive && !stopping_);
  message.content_length(response.body.size());
  if (with_body) message.body() = response.body;

  error_code error;
  stream_.expires_after(limits_.response);
  co_await beast::http::async_write(stream_, message, into(error));
  co_return !error && message.keep_alive();
}

}  // namespace killrvideo::http
