"""Searching: names and ids of hits, walks over all of them, ids that come back."""

import time

from . import cassandra
from .ids import random_id
from .paging import walk
from .waiting import eventually, seconds

# What another tool truncates before it loads its videos again.
_TABLES_OF_VIDEOS = ("videos", "user_videos", "latest_videos", "videos_by_tag")


def wait_for_index(server):
    """Until an index that is built at the server's start is in use."""
    if "the search index is built from the store" in server.log:
        eventually(lambda: "the search index is built videos" in server.log, 30, "an index")


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


def word():
    """A word that no other test uses and that is near no other."""
    return "w" + random_id().replace("-", "")


def find_an_id_that_comes_back(servers, times=10):
    """So often another tool truncates the tables, and the same id is submitted with other words, to
    the servers in turn, which share a keyspace. All find it by the new words, and never by the old
    ones. Within a second, if the machine is not busy with other tests: so the quickest is."""
    video_id, old, took = random_id(), word(), []

    def is_found(server, new):
        assert ids(server.client, old) == []
        return ids(server.client, new) == [video_id]

    for n in range(times):
        new = word()
        servers[n % len(servers)].client.submit(video_id, random_id(), new)
        began = time.monotonic()
        for server in servers:
            eventually(lambda: is_found(server, new), 20, f"the video in {server.data_dir}")
            took.append(time.monotonic() - began)
        for server in servers:
            assert completions(server.client, new[:-1]) == [new]
            assert completions(server.client, old[:-1]) == []
        for table in _TABLES_OF_VIDEOS:
            name = f"{server.engine.keyspace(server.data_dir)}.{table}"
            # A replica that is still to get a row would have it after the truncation.
            cassandra.execute(f"SELECT * FROM {name}", consistency=cassandra.ALL)
            cassandra.execute(f"TRUNCATE {name}")
        for server in servers:
            assert ids(server.client, new) == []
        old = new
    assert min(took) < seconds(1), took
