#include "http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <limits>

#include "common/file_status.hpp"
#include "http/unix_socket.hpp"

namespace killrvideo::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

using Socket = asio::local::stream_protocol::socket;

bool connect(Socket& socket, const std::filesystem::path& path) {
  boost::system::error_code error;
  socket.connect(UnixEndpoint(path).get(), error);
  if (error == asio::error::connection_refused ||
      error == boost::system::errc::no_such_file_or_directory) {
    return false;
  }
  if (error == boost::system::errc::permission_denied)
    throw Error(Code::failed_precondition, "cannot use " + path.native() + ": " + error.message());
  if (error) throw boost::system::system_error(error);
  return true;
}

Response exchange(Socket& socket, const std::string& method, const std::string& target) {
  beast::http::request<beast::http::empty_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(beast::http::field::host, "localhost");
  request.keep_alive(false);
  request.prepare_payload();
  beast::http::write(socket, request);

  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> response;
  beast::http::read(socket, buffer, response);
  Response received{.status = static_cast<int>(response.result_int()),
                    .content_type = response[beast::http::field::content_type],
                    .body = std::move(response.body())};
  for (const auto& field : response)
    received.headers.push_back({field.name_string(), field.value()});
  return received;
}

}  // namespace

std::optional<Response> send(const std::filesystem::path& path, const std::string& method,
                             const std::string& target) {
  if (!exists(status_of(path))) return std::nullopt;
  try {
    asio::io_context context;
    Socket socket(context);
    if (!connect(socket, path)) return std::nullopt;
    return exchange(socket, method, target);
  } catch (const boost::system::system_error& error) {
    throw Error(Code::unavailable,
                "cannot talk to the server at " + path.native() + ": " + error.code().message());
  }
}

std::string query_value(const std::string& text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace killrvideo::http
