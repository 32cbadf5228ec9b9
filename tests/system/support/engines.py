"""The engines that the store and the search index can be on, as tests choose them."""

import hashlib
import shutil

from . import cassandra, opensearch
from .waiting import eventually


class EmbeddedIndex:
    """The search index is in the data directory."""

    def search_indexes(self, data_dir):
        return {path.name for path in (data_dir / "search").iterdir()}

    def lose_search_indexes(self, data_dir):
        shutil.rmtree(data_dir / "search")


class RocksDB(EmbeddedIndex):
    """In the data directory."""

    def flags(self, data_dir):
        return []

    def drop(self, data_dir):
        """Removes what a server on this data directory has left outside of it."""


class Cassandra(EmbeddedIndex):
    """In a keyspace for each data directory, or in one that all share."""

    def __init__(self, shared=None):
        self._shared = shared

    def flags(self, data_dir):
        return ["--store", "cassandra", "--cassandra-keyspace", self.keyspace(data_dir),
                "--cassandra-contact-points", ",".join(cassandra.addresses())]

    def drop(self, data_dir):
        cassandra.execute(f"DROP KEYSPACE IF EXISTS {self.keyspace(data_dir)}")

    def drop_table(self, data_dir, name):
        """Drops a table of the program's; no server knows it any more when this returns."""
        cassandra.execute(f"DROP TABLE {self.keyspace(data_dir)}.{name}")
        eventually(cassandra.is_whole, 60, "servers that agree on the schema")

    def keyspace(self, data_dir):
        name = str(self._shared or data_dir)
        return "test_" + hashlib.sha1(name.encode()).hexdigest()[:16]


class OpenSearch(RocksDB):
    """The store in the data directory, the search index in OpenSearch."""

    def flags(self, data_dir):
        # A busy machine is not what these tests are about.
        return ["--opensearch-url", opensearch.url(), "--opensearch-prefix", self.prefix(data_dir),
                "--opensearch-search-ms", "20000"]

    def search_indexes(self, data_dir):
        return set(opensearch.indexes(opensearch.url(), self.prefix(data_dir)))

    def lose_search_indexes(self, data_dir):
        for name in opensearch.indexes(opensearch.url(), self.prefix(data_dir)):
            opensearch.ask(opensearch.url(), "DELETE", f"/{name}")

    def drop(self, data_dir):
        self.lose_search_indexes(data_dir)

    def prefix(self, data_dir):
        return "test_" + hashlib.sha1(str(data_dir).encode()).hexdigest()[:16]


STORES = ("rocksdb", "cassandra")
ENGINES = {"rocksdb": RocksDB(), "cassandra": Cassandra(), "opensearch": OpenSearch()}
