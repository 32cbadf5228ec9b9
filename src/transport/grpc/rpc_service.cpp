#include "transport/grpc/rpc_service.hpp"

#include <google/protobuf/descriptor.h>

#include <thread>

#include "common/log.hpp"
#include "common/time_limits.hpp"
#include "transport/grpc/status_names.hpp"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

Context::Deadline deadline_of(const grpc::CallbackServerContext& server) {
  return std::min(server.deadline(), std::chrono::system_clock::now() + time_limits::longest_call);
}

grpc::StatusCode status_code(Code code) {
  switch (code) {
    case Code::invalid_argument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case Code::not_found:
      return grpc::StatusCode::NOT_FOUND;
    case Code::already_exists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case Code::unauthenticated:
      return grpc::StatusCode::UNAUTHENTICATED;
    case Code::failed_precondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case Code::aborted:
      return grpc::StatusCode::ABORTED;
    case Code::resource_exhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case Code::deadline_exceeded:
      return grpc::StatusCode::DEADLINE_EXCEEDED;
    case Code::unavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case Code::unimplemented:
      return grpc::StatusCode::UNIMPLEMENTED;
    case Code::internal:
      return grpc::StatusCode::INTERNAL;
  }
  std::unreachable();
}

Error to_error(std::exception_ptr error) try {
  std::rethrow_exception(error);
} catch (const Error& known) {
  return known;
} catch (const std::exception& unknown) {
  return Error(Code::internal, unknown.what());
}

// Of several headers none is to be believed.
Trace trace_of(const grpc::CallbackServerContext& server) {
  const auto [first, end] = server.client_metadata().equal_range(Trace::header);
  if (first == end || std::next(first) != end) return Trace::begin();
  return Trace::continued({first->second.data(), first->second.size()});
}

std::optional<Error> refuse(const RpcHost& host) {
  if (host.draining) return Error(Code::unavailable, "the server is shutting down");
  if (host.in_flight.load(std::memory_order_relaxed) > host.max_in_flight)
    return Error(Code::resource_exhausted, "too many calls are in flight; try again later");
  return std::nullopt;
}

}  // namespace

void RpcHost::drain(std::chrono::milliseconds grace) {
  draining = true;
  const auto end = std::chrono::steady_clock::now() + grace;
  while (in_flight.load(std::memory_order_acquire) > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

// The arena writes its memory before it reads it.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
RpcService::Call::Call(RpcService& service, RpcMethodMetrics& metrics,
                       grpc::CallbackServerContext& server)
    : Context(service.host_.next_request_id.fetch_add(1, std::memory_order_relaxed),
              deadline_of(server)),
      service_(service),
      metrics_(metrics),
      server_(server),
      reactor_(server.DefaultReactor()) {
  metrics_.started();
  service_.host_.in_flight.fetch_add(1);
}

grpc::ServerUnaryReactor* RpcService::Call::start(std::unique_ptr<Call> call) {
  grpc::ServerUnaryReactor* reactor = call->reactor_;
  RpcHost& host = call->service_.host_;
  if (std::optional<Error> refusal = refuse(host)) {
    call->finish(std::make_exception_ptr(std::move(*refusal)));
    return reactor;
  }
  Task<void> task = call->run();
  killrvideo::start(std::move(task),
                    [call = std::move(call)](std::exception_ptr error) { call->finish(error); });
  return reactor;
}

std::string RpcService::Call::peer() const { return host_of_peer(server_.peer()); }

bool RpcService::Call::cancelled() const { return server_.IsCancelled(); }

Trace RpcService::Call::trace() const {
  if (!trace_) trace_ = trace_of(server_);
  return *trace_;
}

void RpcService::Call::finish(std::exception_ptr error) {
  grpc::Status status = error ? status_of(to_error(error)) : grpc::Status::OK;
  auto duration = std::chrono::steady_clock::now() - begin_;
  metrics_.finished(status.error_code(), duration);
  if (log::enabled(log::Level::debug)) {
    log::debug("call", {{"rpc", rpc_name()},
                        {"request", request_id()},
                        {"trace", trace().id_text()},
                        {"span", trace().span_text()},
                        {"peer", peer()},
                        {"code", grpc_status_name(status.error_code())},
                        {"seconds", std::chrono::duration<double>(duration).count()},
                        {"error", status.error_message()}});
  }
  service_.host_.in_flight.fetch_sub(1, std::memory_order_release);
  reactor_->Finish(std::move(status));
}

grpc::Status RpcService::Call::status_of(const Error& error) {
  std::string id = std::to_string(request_id());
  server_.AddTrailingMetadata("request-id", id);
  if (error.code() != Code::internal) return grpc::Status(status_code(error.code()), error.what());
  // What went wrong inside is for the operator, not for the caller.
  log::error("call failed", {{"rpc", rpc_name()},
                             {"request", id},
                             {"trace", trace().id_text()},
                             {"error", error.what()}});
  return grpc::Status(grpc::StatusCode::INTERNAL, "internal error; see the log for request " + id);
}

std::string RpcService::Call::rpc_name() const { return service_.name_ + "/" + metrics_.method(); }

void RpcService::decode(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  grpc::Slice slice;
  // A request that came in one piece is read in place.
  if (!bytes.TrySingleSlice(&slice).ok() && !bytes.DumpToSingleSlice(&slice).ok())
    throw Error(Code::internal, "a request without bytes");
  std::string_view wire(reinterpret_cast<const char*>(slice.begin()), slice.size());
  if (!message.ParseFromArray(wire.data(), static_cast<int>(wire.size())))
    throw explain_undecodable(*message.GetDescriptor(), wire);
}

void RpcService::encode(const google::protobuf::Message& message, grpc::ByteBuffer& bytes) {
  bool owned = false;
  grpc::Status status =
      grpc::SerializationTraits<google::protobuf::Message>::Serialize(message, &bytes, &owned);
  if (!status.ok()) throw Error(Code::internal, "cannot encode the response");
}

void RpcService::check_method(const std::string& method,
                              const google::protobuf::Descriptor& request,
                              const google::protobuf::Descriptor& response) const {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name_);
  const auto* found = service ? service->FindMethodByName(method) : nullptr;
  if (!found || found->input_type() != &request || found->output_type() != &response)
    throw std::logic_error("the contract has no method " + name_ + "." + method +
                           " with these messages");
}

void RpcService::add_method(const std::string& method, Serve serve) {
  const std::string& path = paths_.emplace_back("/" + name_ + "/" + method);
  AddMethod(new grpc::internal::RpcServiceMethod(path.c_str(),
                                                 grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      static_cast<int>(paths_.size() - 1),
      new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          std::move(serve)));
}

}  // namespace killrvideo
