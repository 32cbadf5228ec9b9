// What the gRPC adapters of the services are made of.
//
// An adapter derives from RpcService and registers each method in its constructor:
//
//   CatalogRpc(Catalog& catalog, RpcHost& host)
//       : RpcService("killrvideo.….VideoCatalogService", host) {
//     rpc("GetVideo", &CatalogRpc::get_video);
//   }
//   Task<void> get_video(const Context&, const pb::GetVideoRequest&, pb::GetVideoResponse&);
//
// Handlers are coroutines that fill the response or throw Error. Everything else is here: decoding
// with errors that name the field, deadlines, the limit on calls in flight, metrics, the mapping of
// errors to statuses. Methods that are not registered answer UNIMPLEMENTED.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "common/context.hpp"
#include "common/task.hpp"
#include "transport/grpc/metrics.hpp"

namespace killrvideo {

/// What the RpcServices of a server share.
struct RpcHost {
  RpcMetrics& metrics;
  std::size_t max_in_flight;  ///< calls beyond this many at a time answer RESOURCE_EXHAUSTED
  std::atomic<bool> draining{false};
  // Every call changes these two, on any thread; what is only read is not on their cache line.
  alignas(64) std::atomic<std::uint64_t> next_request_id{1};
  std::atomic<std::size_t> in_flight{0};

  /// From now on calls answer UNAVAILABLE. Returns when those in flight have ended, after `grace`
  /// at the latest.
  void drain(std::chrono::milliseconds grace);
};

class RpcService : public grpc::Service {
 public:
  /// The full name, as in "killrvideo.comments.CommentsService".
  const std::string& name() const { return name_; }

 protected:
  RpcService(std::string name, RpcHost& host) : name_(std::move(name)), host_(host) {}

  /// Registers the handler of a method. REQUIRES: the service has this method with these messages.
  template <class Self, class Request, class Response>
  void rpc(const std::string& method,
           Task<void> (Self::*handler)(const Context&, const Request&, Response&)) {
    check_method(method, *Request::descriptor(), *Response::descriptor());
    auto& metrics = host_.metrics.method(name_, method);
    auto serve = [this, &metrics, handler](grpc::CallbackServerContext* server,
                                           const grpc::ByteBuffer* in, grpc::ByteBuffer* out) {
      auto call = std::make_unique<TypedCall<Self, Request, Response>>(
          *this, metrics, *server, *in, *out, static_cast<Self&>(*this), handler);
      return Call::start(std::move(call));
    };
    add_method(method, std::move(serve));
  }

 private:
  using Serve = std::function<grpc::ServerUnaryReactor*(
      grpc::CallbackServerContext*, const grpc::ByteBuffer*, grpc::ByteBuffer*)>;

  // One call: from the first byte of the request to the status.
  class Call : public Context {
   public:
    Call(RpcService& service, RpcMethodMetrics& metrics, grpc::CallbackServerContext& server);

    static grpc::ServerUnaryReactor* start(std::unique_ptr<Call> call);

    std::string peer() const override;
    // Found out when somebody asks, as most calls need none.
    Trace trace() const override;

   protected:
    // Enough for a request and a response as most are, so that the arena asks for no memory.
    alignas(std::max_align_t) std::array<char, 2048> memory_;
    google::protobuf::Arena arena_{memory_.data(), memory_.size()};

   private:
    virtual Task<void> run() = 0;
    // Once the call is finished, the server may end: nothing outside the call is used from then on.
    void finish(std::exception_ptr error);
    grpc::Status status_of(const Error& error);
    std::string rpc_name() const;

    RpcService& service_;
    RpcMethodMetrics& metrics_;
    grpc::CallbackServerContext& server_;
    grpc::ServerUnaryReactor* const reactor_;
    mutable std::optional<Trace> trace_;
    const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  };

  template <class Self, class Request, class Response>
  class TypedCall : public Call {
   public:
    using Handler = Task<void> (Self::*)(const Context&, const Request&, Response&);

    TypedCall(RpcService& service, RpcMethodMetrics& metrics, grpc::CallbackServerContext& server,
              const grpc::ByteBuffer& in, grpc::ByteBuffer& out, Self& self, Handler handler)
        : Call(service, metrics, server), in_(in), out_(out), self_(self), handler_(handler) {}

   private:
    Task<void> run() override {
      auto* request = google::protobuf::Arena::CreateMessage<Request>(&arena_);
      auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena_);
      decode(in_, *request);
      co_await (self_.*handler_)(*this, *request, *response);
      encode(*response, out_);
    }

    const grpc::ByteBuffer& in_;
    grpc::ByteBuffer& out_;
    Self& self_;
    Handler handler_;
  };

  static void decode(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);
  static void encode(const google::protobuf::Message& message, grpc::ByteBuffer& bytes);
  void check_method(const std::string& method, const google::protobuf::Descriptor& request,
                    const google::protobuf::Descriptor& response) const;
  void add_method(const std::string& method, Serve serve);

  std::string name_;
  RpcHost& host_;
  std::list<std::string> paths_;  // gRPC keeps pointers to them
};

}  // namespace killrvideo
