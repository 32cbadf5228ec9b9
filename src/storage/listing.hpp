// Paged listings of one partition, for several services.
#pragma once

#include <algorithm>

#include "common/answer_room.hpp"
#include "common/paging.hpp"
#include "common/required.hpp"
#include "common/validate.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

/// The cursor of a request; `listing` names the method and what is listed. Throws as Cursor does.
template <class Start>
Cursor cursor_of(std::string listing, const PageRequest<Start>& request) {
  std::optional<std::string> start;
  if (request.start) start = values_from(*request.start).bytes();
  return Cursor(std::move(listing), start, request.paging_state);
}

/// A slice of a partition that ends where the answer is full; nothing if its first row does not
/// fit. `Texts` are the members that are answered; AnswerRoom cuts them.
template <auto... Texts, AnyTable T, class From>
Task<std::optional<Slice<typename T::Row>>> slice_in(AnswerRoom& room, Store& store,
                                                     const Context& context, const T& table,
                                                     typename T::PartitionTuple partition,
                                                     SliceQuery<From> wanted) {
  for (;;) {
    auto page = co_await store.slice(context, table, partition, wanted);
    AnswerRoom rest = room;
    const auto full = std::ranges::find_if_not(
        page.rows, [&](typename T::Row& row) { return rest.take({&(row.*Texts)...}); });
    if (full == page.rows.end()) {
      room = rest;
      co_return page;
    }
    if (full == page.rows.begin()) co_return std::nullopt;
    // Read again with a smaller size: only the engine can make the state after a row.
    wanted.size = static_cast<std::size_t>(full - page.rows.begin());
  }
}

/// The page of a partition, in clustering order, that starts at the cursor's state or, on the first
/// page, at `from`.
template <auto... Texts, AnyTable T, class From>
Task<PageResult<typename T::Row>> list_from(Store& store, const Context& context, const T& table,
                                            typename T::PartitionTuple partition,
                                            const Cursor& cursor, std::size_t size,
                                            std::optional<From> from) {
  SliceQuery<From> wanted{size, std::move(from), cursor.state()};
  AnswerRoom room;
  // There is room for one row.
  auto page = required(co_await slice_in<Texts...>(room, store, context, table,
                                                   std::move(partition), std::move(wanted)));
  std::string token = cursor.token(page.state);
  co_return PageResult<typename T::Row>{std::move(page.rows), std::move(token)};
}

/// Lists a partition in clustering order. `listing` names the method and the partition; the
/// request's start is the first columns of the clustering key. Throws as Cursor and
/// check_page_size do.
template <auto... Texts, AnyTable T, class Start>
Task<PageResult<typename T::Row>> list_partition(Store& store, const Context& context,
                                                 const T& table,
                                                 typename T::PartitionTuple partition,
                                                 std::string listing, PageRequest<Start> request) {
  const std::size_t size = check_page_size(request.page_size);
  const Cursor cursor = cursor_of(std::move(listing), request);
  auto page = co_await list_from<Texts...>(store, context, table, std::move(partition), cursor,
                                           size, std::move(request.start));
  co_return page;
}

}  // namespace killrvideo::storage
