// Random sequences of operations, with the store closed and opened again between them, against a
// model in memory.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <ostream>

#include "storage/rocksdb/engine.hpp"
#include "storage/sample_tables.hpp"
#include "storage/temporary_directory.hpp"

namespace killrvideo::storage::rocksdb_engine {
namespace {

using namespace samples;

enum class Action {
  insert,
  update_balance,
  update_owner,
  remove,
  insert_if_absent,
  compare_and_set,
  add,
  remove_tally,
  reopen,
  count,
};

/// One operation on a row out of few, with few different values.
struct Step {
  Action action;
  std::uint8_t row;
  std::int64_t number;
  std::optional<std::string> owner;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  static constexpr const char* names[] = {"insert", "update_balance",   "update_owner",
                                          "remove", "insert_if_absent", "compare_and_set",
                                          "add",    "remove_tally",     "reopen"};
  return out << names[static_cast<int>(step.action)] << " row " << int{step.row} << " number "
             << step.number << " owner " << step.owner.value_or("null");
}

rc::Gen<Step> any_step() {
  return rc::gen::exec([] {
    auto action = *rc::gen::inRange(0, static_cast<int>(Action::count));
    auto owner = *rc::gen::maybe(rc::gen::element<std::string>("", "Ada", "Eve"));
    return Step{static_cast<Action>(action), *rc::gen::inRange<std::uint8_t>(0, 4),
                *rc::gen::inRange<std::int64_t>(0, 3),
                owner ? std::optional(*owner) : std::nullopt};
  });
}

Uuid id_of(std::uint8_t row) {
  Uuid id;
  id.bytes.back() = row;
  return id;
}

/// A store and the model of what it should hold, on which every step is done alike.
class StoreAndModel {
 public:
  StoreAndModel() { open(); }

  void apply(const Step& step) {
    Account account{id_of(step.row), step.number, step.owner};
    auto stored = accounts_.find(step.row);
    bool exists = stored != accounts_.end();
    switch (step.action) {
      case Action::insert:
        commit(Batch().insert(accounts, account));
        accounts_[step.row] = account;
        return;
      case Action::update_balance:
        commit(Batch().update<&Account::balance>(accounts, account));
        accounts_.try_emplace(step.row, Account{account.id, 0, {}}).first->second.balance =
            account.balance;
        return;
      case Action::update_owner:
        commit(Batch().update<&Account::owner>(accounts, account));
        accounts_.try_emplace(step.row, Account{account.id, 0, {}}).first->second.owner =
            account.owner;
        return;
      case Action::remove:
        commit(Batch().remove(accounts, {account.id}));
        accounts_.erase(step.row);
        return;
      case Action::insert_if_absent: {
        auto existing = run(store_->insert_if_absent(context_, accounts, account));
        RC_ASSERT(existing == (exists ? std::optional(stored->second) : std::nullopt));
        accounts_.try_emplace(step.row, account);
        return;
      }
      case Action::compare_and_set: {
        Account next{account.id, account.balance + 1, {}};
        bool expected = exists && stored->second.owner == step.owner;
        RC_ASSERT(run(store_->compare_and_set<&Account::owner>(context_, accounts, next,
                                                               step.owner)) == expected);
        if (expected) stored->second = next;
        return;
      }
      case Action::add:
        commit(Batch().add(tallies, {account.id, {step.number}, {-1}}));
        tallies_.try_emplace(step.row, Tally{account.id, {}, {}});
        tallies_[step.row].hits.value += step.number;
        --tallies_[step.row].misses.value;
        return;
      case Action::remove_tally:
        commit(Batch().remove(tallies, {account.id}));
        tallies_.erase(step.row);
        return;
      case Action::reopen:
        open();
        return;
      case Action::count:
        return;
    }
  }

  void check() {
    RC_ASSERT(contents<Account>(accounts) == accounts_);
    RC_ASSERT(contents<Tally>(tallies) == tallies_);
    std::vector<std::tuple<Uuid>> keys;
    for (std::uint8_t row = 0; row < 5; ++row) keys.emplace_back(id_of(row));
    auto rows = run(store_->get_many(context_, accounts, std::span<const std::tuple<Uuid>>(keys)));
    for (std::uint8_t row = 0; row < 5; ++row) {
      auto stored = accounts_.find(row);
      RC_ASSERT(rows[row] ==
                (stored == accounts_.end() ? std::nullopt : std::optional(stored->second)));
    }
  }

 private:
  void open() {
    store_.reset();
    store_ = open_store(directory_.path(), schema, {});
  }

  void commit(Batch batch) { run(store_->commit(context_, std::move(batch))); }

  template <class Row, AnyTable T>
  std::map<std::uint8_t, Row> contents(const T& table) {
    std::map<std::uint8_t, Row> rows;
    std::string state;
    do {
      auto page = run(store_->scan(context_, table, state, 3));
      for (const Row& row : page.rows) RC_ASSERT(rows.emplace(row.id.bytes.back(), row).second);
      state = page.state;
    } while (!state.empty());
    return rows;
  }

  TemporaryDirectory directory_{memory_directory()};
  std::unique_ptr<Store> store_;
  Context context_;
  std::map<std::uint8_t, Account> accounts_;
  std::map<std::uint8_t, Tally> tallies_;
};

RC_GTEST_PROP(RocksModel, any_sequence_of_operations_does_what_the_model_does, ()) {
  auto steps = *rc::gen::container<std::vector<Step>>(any_step());
  StoreAndModel both;
  for (const Step& step : steps) {
    both.apply(step);
    if (step.action == Action::reopen) both.check();
  }
  both.check();
}

}  // namespace
}  // namespace killrvideo::storage::rocksdb_engine
