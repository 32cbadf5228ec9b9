"""Starting on a cluster, and changing one's mind."""

import pytest

from support.engines import ENGINES
from support.ids import random_id
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
