#include "search/grpc.hpp"

#include "catalog/grpc.hpp"
#include "common/text.hpp"
#include "search/search_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = search;

Task<void> search_videos(Search& search, const Context& context,
                         const pb::SearchVideosRequest& request,
                         pb::SearchVideosResponse& response) {
  auto page = co_await search.videos_for(context, request.query(), request.page_size(),
                                         request.paging_state());
  response.set_query(std::string(trim(request.query())));
  write_page(std::move(page), response);
}

Task<void> get_query_suggestions(Search& search, const Context& context,
                                 const pb::GetQuerySuggestionsRequest& request,
                                 pb::GetQuerySuggestionsResponse& response) {
  auto words = co_await search.completions(context, request.query(), request.page_size());
  response.set_query(std::string(trim(request.query())));
  for (auto& word : words) response.add_suggestions(std::move(word));
}

}  // namespace

std::unique_ptr<RpcService> make_search_rpc(Search& search, RpcHost& host) {
  auto rpc = std::make_unique<RpcService>("killrvideo.search.SearchService", host);
  rpc->add("SearchVideos", search, search_videos);
  rpc->add("GetQuerySuggestions", search, get_query_suggestions);
  return rpc;
}

}  // namespace killrvideo
