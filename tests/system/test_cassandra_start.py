"""Starting on a cluster, and changing one's mind."""

import pytest

from support.engines import ENGINES
from support.ids import random_id
from support.program import BAD_DATA_DIR, clear_line, run
from support.unprivileged import AS_SOMEBODY, give_away
from support.waiting import eventually

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def engine():
    return ENGINES["cassandra"]


def test_it_ends_at_once_while_it_makes_the_keyspace(launch):
    """And leaves nothing behind that the next start would have to wait for."""
    server = launch(start=False)
    server.launch()
    eventually(lambda: "changing the schema" in server.log, 60, "a new keyspace")
    server.stop()
    assert "ready" not in server.output
    assert "serving" not in server.log

    server.start()
    video_id = random_id()
    server.client.submit(video_id, random_id())
    assert server.client.video(video_id).name == "A video"


@pytest.mark.parametrize("below", ["", "data"])
def test_a_data_directory_that_cannot_be_written_is_told(launch, directory, below):
    """Commands to the server and the search index have their place there on a cluster, too."""
    closed = directory / "closed"
    closed.mkdir()
    give_away(directory)
    closed.chmod(0o500)
    done = run("serve", "--data-dir", closed / below, *launch(start=False).store_flags,
               "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0",
               code=BAD_DATA_DIR, limit=120, cwd="/", **AS_SOMEBODY)
    line = clear_line(done.stderr)
    assert "Permission denied" in line and str(closed / below) in line
