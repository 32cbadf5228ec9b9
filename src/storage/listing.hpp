// Listings of one partition, page by page, as several services offer them.
#pragma once

#include "common/paging.hpp"
#include "common/validate.hpp"
#include "storage/store.hpp"

namespace killrvideo::storage {

/// Lists a partition in clustering order. `listing` names the method and the partition; the
/// request's start is the first columns of the clustering key. Throws as Cursor and
/// check_page_size do.
template <AnyTable T, class Start>
Task<PageResult<typename T::Row>> list_partition(Store& store, const Context& context,
                                                 const T& table,
                                                 typename T::PartitionTuple partition,
                                                 std::string listing, PageRequest<Start> request) {
  std::size_t size = check_page_size(request.page_size);
  std::optional<std::string> start;
  if (request.start) start = values_from(*request.start).bytes();
  Cursor cursor(std::move(listing), start, request.paging_state);
  PageOf<Start> wanted{size, std::move(request.start), cursor.state()};
  auto page = co_await store.page(context, table, std::move(partition), std::move(wanted));
  std::string token = cursor.token(page.state);
  co_return PageResult<typename T::Row>{std::move(page.rows), std::move(token)};
}

}  // namespace killrvideo::storage
