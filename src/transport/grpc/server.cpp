#include "transport/grpc/server.hpp"

#include <absl/synchronization/mutex.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/log.hpp"

namespace killrvideo {
namespace {

// Enough to send the answers of calls that have ended.
constexpr std::chrono::milliseconds time_for_last_answers{250};

// What gRPC calls an error is mostly a client's (a failed handshake, a broken connection), and what
// is ours, such as an address that cannot be bound, reaches us as a result as well.
void log_from_grpc(gpr_log_func_args* line) { log::debug("grpc", {{"text", line->message}}); }

// Protobuf speaks up about requests that cannot be decoded, which the client is told anyway.
void log_from_protobuf(google::protobuf::LogLevel, const char*, int, const std::string& text) {
  log::debug("protobuf", {{"text", text}});
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) throw Error(Code::invalid_argument, "cannot read " + path.string());
  return content.str();
}

std::shared_ptr<grpc::ServerCredentials> credentials(const TlsConfig& files) {
  if (!files.enabled()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      files.client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                              : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_key_cert_pairs.push_back({read_file(files.key), read_file(files.certificate)});
  if (!files.client_ca.empty()) options.pem_root_certs = read_file(files.client_ca);
  return grpc::SslServerCredentials(options);
}

// Why an address cannot be listened on. gRPC does not tell, so it is tried.
std::string problem_with(const Address& address) {
  namespace asio = boost::asio;
  using asio::ip::tcp;
  try {
    asio::io_context context;
    for (const auto& entry : tcp::resolver(context).resolve(
             address.host, std::to_string(address.port), tcp::resolver::passive))
      tcp::acceptor(context, entry.endpoint());
    return "gRPC refuses it";
  } catch (const boost::system::system_error& error) {
    return error.code().message();
  }
}

}  // namespace

GrpcServer::GrpcServer(const Options& options, RpcHost& host,
                       std::vector<std::unique_ptr<RpcService>> services)
    : host_(host), services_(std::move(services)), address_(options.address) {
  // By themselves, both would write to standard error in formats of their own.
  gpr_set_log_function(log_from_grpc);
  google::protobuf::SetLogHandler(log_from_protobuf);
  // Debian's Abseil looks for deadlocks at each lock that gRPC takes: 3 % of a call's time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(to_string(options.address), credentials(options.tls), &port);
  // Else a second process could listen on the same port and take part of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // What nobody asks for costs each call some of its time: answers are not compressed, and calls
  // are counted by our own metrics. Compressed requests are read all the same.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  for (const auto& service : services_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  if (!server_ || port == 0)
    throw Error(Code::unavailable, "cannot listen on " + to_string(options.address) +
                                       " for gRPC: " + problem_with(options.address) +
                                       "; choose another with grpc-address");
  address_.port = static_cast<std::uint16_t>(port);
  for (const auto& service : services_)
    server_->GetHealthCheckService()->SetServingStatus(service->name(), true);
}

GrpcServer::~GrpcServer() { shutdown({}); }

void GrpcServer::shutdown(std::chrono::milliseconds grace) {
  server_->GetHealthCheckService()->SetServingStatus(false);
  host_.drain(grace);
  server_->Shutdown(std::chrono::system_clock::now() + std::min(grace, time_for_last_answers));
  server_->Wait();
}

}  // namespace killrvideo
