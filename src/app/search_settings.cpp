#include "app/client_settings.hpp"

namespace killrvideo {
namespace {

constexpr std::uint16_t opensearch_port = 9200;

template <class Member>
auto option(Member opensearch::Options::* member) {
  return [member](Config& config) -> auto& { return config.search.opensearch.*member; };
}

std::optional<http::Endpoint> opensearch_endpoint(std::string_view text) {
  return http::parse_endpoint(text, opensearch_port);
}

// What OpenSearch allows in the names of indexes.
ValueKind index_name() {
  return kinds::text_like("NAME",
                          "lower-case letters, digits, hyphens and underscores, a letter first",
                          [](auto text) { return is_small_name(text) && text.size() <= 100; });
}

std::vector<Setting> nodes() {
  using namespace kinds;
  return {
      {.name = "opensearch-url",
       .kind = list_of("URL1,URL2",
                       "http://HOST:PORT, https://HOST:PORT or HOST:PORT, several separated by "
                       "commas",
                       [](auto text) { return opensearch_endpoint(text).has_value(); }),
       .help =
           "The nodes of an OpenSearch cluster, which then has the search index; while one does "
           "not answer, the next is asked. Without any, the index is embedded. Processes on one "
           "store have to agree in this.",
       .store = into_list(option(&opensearch::Options::endpoints), opensearch_endpoint)},
  };
}

std::vector<Setting> indexes_and_limits() {
  using namespace kinds;
  return {
      {.name = "opensearch-prefix",
       .kind = index_name(),
       .fallback = "killrvideo",
       .help =
           "Begins the names of the indexes and of the alias, NAME-videos. Each store needs its "
           "own.",
       .store = into(option(&opensearch::Options::prefix))},
      {.name = "opensearch-shards",
       .kind = whole_number(1, 1'024),
       .fallback = "1",
       .help = "Into how many shards an index is divided when it is built.",
       .store = into(option(&opensearch::Options::shards))},
      {.name = "opensearch-replicas",
       .kind = whole_number(0, 100),
       .fallback = "1",
       .help = "How many copies of each shard OpenSearch keeps on further nodes.",
       .store = into(option(&opensearch::Options::replicas))},
      {.name = "opensearch-search-ms",
       .kind = whole_number(10, 60'000),
       .fallback = "2000",
       .help = "How many milliseconds a search waits for OpenSearch; then it is UNAVAILABLE.",
       .store = into(option(&opensearch::Options::question_limit))},
      {.name = "opensearch-write-ms",
       .kind = whole_number(100, 600'000),
       .fallback = "20000",
       .help = "How many milliseconds a request that changes an index waits for OpenSearch.",
       .store = into(option(&opensearch::Options::write_limit))},
  };
}

}  // namespace

std::vector<Setting> search_settings() {
  auto login = login_settings("opensearch", option(&opensearch::Options::username),
                              [](Config& config) -> auto& { return config.search.password_file; });
  auto tls_files = client_tls_settings("opensearch", "the certificates of https nodes",
                                       "https nodes", option(&opensearch::Options::tls));
  return in_section("Search",
                    {nodes(), std::move(login), std::move(tls_files), indexes_and_limits()});
}

}  // namespace killrvideo
