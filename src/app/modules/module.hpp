// Parts of the program that are made, started and stopped as one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "transport/grpc/rpc_service.hpp"
#include "transport/http/routes.hpp"

namespace killrvideo {

using RpcServices = std::vector<std::unique_ptr<RpcService>>;

/// A service, or what works in the background. Its constructor takes what it uses, which outlives
/// it, and starts nothing that needs the store.
class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  /// Adds what clients call.
  virtual void add_rpcs(RpcServices& /*rpcs*/, RpcHost& /*host*/) {}
  /// Adds what commands call through the admin socket.
  virtual void add_routes(http::Routes& /*routes*/) {}

  /// Finishes what a crash has left, and begins with what goes on in the background. If the store
  /// cannot be used now it throws, and may be called again.
  virtual void start() {}
  /// Completes what is missing: called every 15 s after the start, by one thread. `delivers` says
  /// whether this process delivers events now. Does not throw.
  virtual void maintain(bool /*delivers*/) {}
  /// Why this process is of no use now; empty if it is. Any thread; does not wait.
  virtual std::string problem() const { return {}; }
  /// Ends what start() has begun. REQUIRES: nobody calls its RPCs and routes any more.
  virtual void stop() {}
};

/// Modules in the order in which they are started: each may use those before it.
class Modules {
 public:
  /// Makes a module and adds it behind the others.
  template <class M, class... Arguments>
  M& make(Arguments&&... arguments) {
    auto made = std::make_unique<M>(std::forward<Arguments>(arguments)...);
    auto& module = *made;
    modules_.push_back(std::move(made));
    return module;
  }

  ~Modules();

  /// Starts all, in order. If one throws, this throws the same; the next call goes on with that
  /// one.
  void start();
  /// Stops those that have been started, the last one first.
  void stop();

  RpcServices rpcs(RpcHost& host);
  void add_routes(http::Routes& routes);
  void maintain(bool delivers);
  /// The first problem of a module; empty if there is none.
  std::string problem() const;

 private:
  std::vector<std::unique_ptr<Module>> modules_;
  std::size_t started_ = 0;
};

}  // namespace killrvideo
