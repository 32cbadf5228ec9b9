"""Searching: names and ids of hits, walks over all of them."""

from .paging import walk


def hits(client, query, page_size=100, **fields):
    return client.call("SearchVideos", query=query, page_size=page_size, **fields)


def names(client, query, page_size=100):
    return [video.name for video in hits(client, query, page_size).videos]


def ids(client, query, page_sizes=(100,), between=lambda: None):
    """The ids of all hits, page by page; `between` is called before each page."""
    def fetch(**fields):
        between()
        response = client.call("SearchVideos", query=query, **fields)
        return list(response.videos), response.paging_state
    return [video.video_id.value for video in walk(fetch, page_sizes)]


def completions(client, query, page_size=100):
    return list(client.call("GetQuerySuggestions", query=query, page_size=page_size).suggestions)
