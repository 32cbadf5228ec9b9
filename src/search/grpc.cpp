#include "search/grpc.hpp"

#include "catalog/grpc.hpp"
#include "common/text.hpp"
#include "search/search_service.pb.h"
#include "transport/grpc/wire.hpp"

namespace killrvideo {
namespace {

namespace pb = search;

class SearchRpc : public RpcService {
 public:
  SearchRpc(Search& search, RpcHost& host)
      : RpcService("killrvideo.search.SearchService", host), search_(search) {
    rpc("SearchVideos", &SearchRpc::search_videos);
    rpc("GetQuerySuggestions", &SearchRpc::get_query_suggestions);
  }

 private:
  Task<void> search_videos(const Context& context, const pb::SearchVideosRequest& request,
                           pb::SearchVideosResponse& response) {
    auto page = co_await search_.videos_for(context, request.query(), request.page_size(),
                                            request.paging_state());
    response.set_query(std::string(trim(request.query())));
    write_page(std::move(page), response);
  }

  Task<void> get_query_suggestions(const Context& context,
                                   const pb::GetQuerySuggestionsRequest& request,
                                   pb::GetQuerySuggestionsResponse& response) {
    auto words = co_await search_.completions(context, request.query(), request.page_size());
    response.set_query(std::string(trim(request.query())));
    for (auto& word : words) response.add_suggestions(std::move(word));
  }

  Search& search_;
};

}  // namespace

std::unique_ptr<RpcService> make_search_rpc(Search& search, RpcHost& host) {
  return std::make_unique<SearchRpc>(search, host);
}

}  // namespace killrvideo
