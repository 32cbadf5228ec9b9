// An engine that passes everything on to another one, which several stores can so share like
// processes, and that can be made to fail or to look at what passes.
#pragma once

#include <atomic>
#include <functional>

#include "storage/engine.hpp"

namespace killrvideo::storage {

class ForwardingEngine : public Engine {
 public:
  explicit ForwardingEngine(Engine& target) : target_(target), traits_(target.traits()) {}

  /// From now on it passes for an engine with these.
  void pretend(const EngineTraits& traits) { traits_ = traits; }

  /// From now on every call fails, as if the process had lost its network.
  void unplug() { unplugged_ = true; }
  /// Is called with every batch before it is passed on.
  void on_commit(std::function<void(const std::vector<Mutation>&)> look) {
    look_ = std::move(look);
  }
  /// Is called with every page that is asked for.
  void on_slice(std::function<void(const TableInfo&, const RawSliceQuery&)> look) {
    look_at_slice_ = std::move(look);
  }

  /// Is called with the number of keys of every look-up.
  void on_get(std::function<void(const TableInfo&, std::size_t)> look) {
    look_at_get_ = std::move(look);
  }

  EngineTraits traits() const override { return traits_; }

  Task<void> get(const Context& context, const TableInfo& table, std::span<const Values> keys,
                 const KeyedRowSink& sink) override {
    check();
    if (look_at_get_) look_at_get_(table, keys.size());
    co_await target_.get(context, table, keys, sink);
  }
  Task<std::string> slice(const Context& context, const TableInfo& table,
                          const RawSliceQuery& query, const RowSink& sink) override {
    check();
    if (look_at_slice_) look_at_slice_(table, query);
    auto state = co_await target_.slice(context, table, query, sink);
    co_return state;
  }
  Task<std::string> scan(const Context& context, const TableInfo& table, const std::string& state,
                         std::size_t size, const RowSink& sink) override {
    check();
    auto next = co_await target_.scan(context, table, state, size, sink);
    co_return next;
  }
  Task<void> commit(const Context& context, std::vector<Mutation> mutations) override {
    check();
    if (look_) look_(mutations);
    co_await target_.commit(context, std::move(mutations));
  }
  Task<bool> commit_if(const Context& context, Mutation mutation, Condition condition,
                       const RowSink& existing) override {
    check();
    bool applied =
        co_await target_.commit_if(context, std::move(mutation), std::move(condition), existing);
    co_return applied;
  }

 private:
  void check() const {
    if (unplugged_) throw Error(Code::unavailable, "unplugged");
  }

  Engine& target_;
  EngineTraits traits_;
  std::atomic<bool> unplugged_ = false;
  std::function<void(const std::vector<Mutation>&)> look_;
  std::function<void(const TableInfo&, const RawSliceQuery&)> look_at_slice_;
  std::function<void(const TableInfo&, std::size_t)> look_at_get_;
};

}  // namespace killrvideo::storage
