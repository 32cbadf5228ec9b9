// What the gRPC adapters of the services are made of.
//
// An adapter is a handler for each method and a function that registers them:
//
//   Task<void> get_video(Catalog& catalog, const Context& context,
//                        const pb::GetVideoRequest& request, pb::GetVideoResponse& response);
//
//   auto rpc = std::make_unique<RpcService>("killrvideo.….VideoCatalogService", host);
//   rpc->add("GetVideo", catalog, get_video);
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
  /// `name` is the full one, as in "killrvideo.comments.CommentsService". The host outlives this.
  RpcService(std::string name, RpcHost& host) : name_(std::move(name)), host_(host) {}

  const std::string& name() const { return name_; }

  template <class Service, class Request, class Response>
  using Handler = Task<void> (*)(Service&, const Context&, const Request&, Response&);

  /// Registers the handler of a method, which is called with `service`; that outlives this.
  /// REQUIRES: the contract has this method with these messages.
  template <class Service, class Request, class Response>
  void add(const std::string& method, Service& service,
           Handler<Service, Request, Response> handler) {
    check_method(method, *Request::descriptor(), *Response::descriptor());
    auto& metrics = host_.metrics.method(name_, method);
    auto serve = [this, &metrics, &service, handler](grpc::CallbackServerContext* server,
                                                     const grpc::ByteBuffer* in,
                                                     grpc::ByteBuffer* out) {
      auto call = std::make_unique<TypedCall<Service, Request, Response>>(
          *this, metrics, *server, *in, *out, service, handler);
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
    bool cancelled() const override;
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

  template <class Service, class Request, class Response>
  class TypedCall : public Call {
   public:
    TypedCall(RpcService& rpc, RpcMethodMetrics& metrics, grpc::CallbackServerContext& server,
              const grpc::ByteBuffer& in, grpc::ByteBuffer& out, Service& service,
              Handler<Service, Request, Response> handler)
        : Call(rpc, metrics, server), in_(in), out_(out), service_(service), handler_(handler) {}

   private:
    Task<void> run() override {
      auto* request = google::protobuf::Arena::CreateMessage<Request>(&arena_);
      auto* response = google::protobuf::Arena::CreateMessage<Response>(&arena_);
      decode(in_, *request);
      co_await handler_(service_, *this, *request, *response);
      encode(*response, out_);
    }

    const grpc::ByteBuffer& in_;
    grpc::ByteBuffer& out_;
    Service& service_;
    const Handler<Service, Request, Response> handler_;
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
