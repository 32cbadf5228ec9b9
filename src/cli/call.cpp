#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <memory>

#include "cli/commands.hpp"
#include "cli/contract.hpp"
#include "common/trace.hpp"
#include "transport/grpc/status_names.hpp"

namespace killrvideo::cli {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using std::filesystem::path;
using Deadline = std::chrono::system_clock::time_point;

std::unique_ptr<Message> make_message(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string read(std::istream& stream) { return {std::istreambuf_iterator<char>(stream), {}}; }

std::string contents(const path* file) {
  if (file == nullptr) return {};
  std::ifstream stream(*file);
  return read(stream);
}

std::string request_text(const Arguments& arguments) {
  const auto* json = arguments.find<std::string>("JSON");
  if (json == nullptr) return "{}";
  return *json == "-" ? read(std::cin) : *json;
}

std::unique_ptr<Message> parse_request(const MethodDescriptor& method, const std::string& json) {
  auto request = make_message(method.input_type());
  const auto status = google::protobuf::util::JsonStringToMessage(json, request.get());
  if (!status.ok()) {
    throw Exit(ExitCode::usage, "the request is not a " + method.input_type()->name() +
                                    " in JSON: " + std::string(status.message()));
  }
  return request;
}

std::string to_json(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) throw Error(Code::internal, std::string(status.message()));
  return json;
}

bool wants_tls(const Arguments& arguments) {
  return arguments.find<path>("tls-ca") != nullptr ||
         arguments.find<path>("tls-certificate") != nullptr;
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const Arguments& arguments) {
  const auto* ca = arguments.find<path>("tls-ca");
  const auto* certificate = arguments.find<path>("tls-certificate");
  const auto* key = arguments.find<path>("tls-key");
  if ((certificate == nullptr) != (key == nullptr)) {
    throw Exit(ExitCode::usage, "--tls-certificate and --tls-key go together");
  }
  if (!wants_tls(arguments)) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = contents(ca),
                               .pem_private_key = contents(key),
                               .pem_cert_chain = contents(certificate)});
}

grpc::ByteBuffer to_bytes(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

void parse(const grpc::ByteBuffer& bytes, Message& message) {
  grpc::Slice slice;
  if (bytes.Length() > 0 && !bytes.DumpToSingleSlice(&slice).ok()) {
    throw Error(Code::internal, "the response cannot be read");
  }
  if (!message.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    throw Error(Code::internal, "the response is not a " + message.GetTypeName());
  }
}

std::shared_ptr<grpc::Channel> make_channel(const Address& address, const Arguments& arguments) {
  grpc::ChannelArguments options;
  options.SetMaxReceiveMessageSize(-1);
  // A proxy that the environment names would look for the address on its own host.
  if (is_this_host(address.host)) options.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(to_string(address), credentials(arguments), options);
}

// Whether a connection comes about. If not, a call fails at once with the reason.
bool connect(grpc::Channel& channel, Deadline deadline) {
  auto state = channel.GetState(true);
  while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    if (!channel.WaitForStateChange(state, deadline)) return false;
    state = channel.GetState(true);
  }
  return state == GRPC_CHANNEL_READY;
}

grpc::Status call(const std::shared_ptr<grpc::Channel>& channel, const MethodDescriptor& method,
                  const Arguments& arguments, const Message& request, Message& response,
                  Deadline deadline) {
  grpc::ClientContext context;
  context.set_deadline(deadline);
  if (const auto* trace = arguments.find<std::string>(Trace::header))
    context.AddMetadata(Trace::header, *trace);
  const auto sent = to_bytes(request);
  grpc::ByteBuffer received;
  std::promise<grpc::Status> done;
  grpc::GenericStub stub(channel);
  stub.UnaryCall(&context, "/" + method.service()->full_name() + "/" + method.name(), {}, &sent,
                 &received, [&](grpc::Status status) { done.set_value(std::move(status)); });
  auto status = done.get_future().get();
  if (status.ok()) parse(received, response);
  return status;
}

// The first that is set of the variables by which gRPC finds a proxy; null if it uses none.
const char* proxy_variable(const Address& address) {
  if (is_this_host(address.host)) return nullptr;
  for (const auto* name : {"grpc_proxy", "https_proxy", "http_proxy"})
    if (const char* proxy = std::getenv(name); proxy != nullptr && *proxy != '\0') return name;
  return nullptr;
}

// What may be wrong if no connection came about, by what gRPC says of the last try.
std::string hint_for_no_connection(std::string_view reason, const Address& address, bool with_tls) {
  if (const auto* variable = proxy_variable(address))
    return std::string(" (") + variable + " is set, so this may be about the proxy)";
  if (reason.contains("DNS resolution failed"))
    return " (is '" + address.host + "' the right name of the host?)";
  if (reason.contains("Connection refused"))
    return " (is `killrvideo serve` running on " + to_string(address) + "?)";
  if (!reason.contains("Ssl handshake failed") && !reason.contains("Socket closed") &&
      !reason.contains("Connection reset by peer"))
    return {};
  return " (something listens on " + to_string(address) +
         (with_tls ? ", but TLS with it failed: does it offer TLS, and fit --tls-ca and "
                     "--tls-certificate?)"
                   : ", but not for gRPC without TLS: does it need --tls-ca?)");
}

std::string message_of(const grpc::Status& status, bool connected, const Address& address,
                       const Arguments& arguments) {
  const auto code = status.error_code();
  if (!connected && code == grpc::StatusCode::DEADLINE_EXCEEDED)
    return "no connection to " + to_string(address) + " came about within " +
           std::to_string(arguments.get<std::chrono::seconds>("timeout").count()) + " s";
  if (!connected && code == grpc::StatusCode::UNAVAILABLE)
    return status.error_message() +
           hint_for_no_connection(status.error_message(), address, wants_tls(arguments));
  if (status.error_message().empty() && code == grpc::StatusCode::UNIMPLEMENTED)
    return "the server does not offer this method";
  return status.error_message();
}

ExitCode run_call(const Config& config, const Arguments& arguments) {
  // What gRPC logs of its own about a failed connection says less than the status.
  ::setenv("GRPC_VERBOSITY", "NONE", 0);
  const auto& method = or_exit(ExitCode::usage, [&]() -> const MethodDescriptor& {
    return find_method(arguments.get<std::string>("METHOD"));
  });
  const auto request = parse_request(method, request_text(arguments));
  const auto response = make_message(method.output_type());
  const auto deadline =
      std::chrono::system_clock::now() + arguments.get<std::chrono::seconds>("timeout");
  const auto channel = make_channel(config.grpc_address, arguments);
  const bool connected = connect(*channel, deadline);
  const auto status = call(channel, method, arguments, *request, *response, deadline);
  if (!status.ok())
    throw Exit(ExitCode::failed, std::string(grpc_status_name(status.error_code())) + ": " +
                                     message_of(status, connected, config.grpc_address, arguments));
  std::cout << to_json(*response);
  return ExitCode::ok;
}

ValueKind trace_parent() {
  return kinds::text_like("TRACEPARENT",
                          "00-, 32 hexadecimal digits, -, 16 of them, and -00 or -01",
                          [](auto text) { return Trace::parse(text).has_value(); });
}

ValueKind method_name() {
  auto kind = kinds::text("METHOD");
  kind.words = contract_method_names();
  kind.completes = Completes::words;
  return kind;
}

}  // namespace

Command call_command() {
  return {.name = "call",
          .summary = "Call a gRPC method of a running server",
          .description =
              "Prints the response as JSON, or the status as `CODE: message` with exit code 1.\n\n"
              "For example: killrvideo call GetLatestVideoPreviews '{\"page_size\": 5}'",
          .settings = {"config", "grpc-address"},
          .flags = {{.name = "timeout",
                     .kind = kinds::seconds(1, 86'400),
                     .fallback = "10",
                     .help = "How long to wait for the response."},
                    {.name = Trace::header,
                     .kind = trace_parent(),
                     .help = "The trace that the call belongs to (W3C Trace Context); its id is in "
                             "what the servers log at level debug."},
                    {.name = "tls-ca",
                     .kind = kinds::readable_file(),
                     .help = "Connects over TLS and trusts the certificate authorities in this PEM "
                             "file."},
                    {.name = "tls-certificate",
                     .kind = kinds::readable_file(),
                     .help = "Connects over TLS and shows the server this certificate (PEM)."},
                    {.name = "tls-key",
                     .kind = kinds::readable_file(),
                     .help = "The private key of tls-certificate (PEM)."}},
          .positionals = {{.name = "METHOD",
                           .kind = method_name(),
                           .help = "GetVideo, VideoCatalogService.GetVideo or the full name."},
                          {.name = "JSON",
                           .kind = kinds::text("JSON"),
                           .help = "The request, with the field names of the contract; - reads it "
                                   "from standard input. Without it, the request is empty.",
                           .required = false}},
          .run = run_call};
}

}  // namespace killrvideo::cli
