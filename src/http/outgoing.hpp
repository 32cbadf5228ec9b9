// Calls to other servers as Beast sends them.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/tcp_client.hpp"

namespace killrvideo::http {

using SentRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// `keep_alive`: whether the connection is to be used again.
SentRequest request_of(const Endpoint& endpoint, const Call& call, bool keep_alive);

}  // namespace killrvideo::http
