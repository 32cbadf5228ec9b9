"""Events of several processes on one cluster: what a dead one has left, another one delivers."""

import threading

import grpc
import pytest

from support import search
from support.client import Client
from support.engines import Cassandra
from support.expect import StatusCode
from support.ids import random_id
from support.outbox import events
from support.program import Server, eventually
from test_suggestions import Fans, all_related_are_right

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def launch(directory):
    """Makes servers that share a keyspace."""
    made = []

    def make():
        server = Server(directory / f"server{len(made)}", engine=Cassandra(shared=directory))
        made.append(server)
        return server.start()

    try:
        yield make
    finally:
        for server in made:
            if server.running:
                server.stop()
        made[0].engine.drop(made[0].data_dir)


def rate_until_it_is_gone(server, fans, acknowledged, number):
    client, user_id = Client(server.grpc_address), random_id()
    try:
        while True:
            for n, video_id in enumerate(fans.videos):
                client.rate(video_id, user_id, 1 + (n + number) % 5)
                acknowledged.append(video_id)
            user_id = random_id()
    except grpc.RpcError as error:
        assert error.code() in (StatusCode.UNAVAILABLE, StatusCode.CANCELLED), error
    finally:
        client.close()


def test_what_a_dead_process_left_another_one_delivers_and_each_counts_once(launch):
    dying, other = launch(), launch()
    fans, acknowledged = Fans(dying.client, 6), []
    threads = [threading.Thread(target=rate_until_it_is_gone, args=[dying, fans, acknowledged, n])
               for n in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 60, 60, "60 ratings")
    last = random_id()
    dying.client.submit(last, random_id(), "The last one")
    dying.kill()
    for thread in threads:
        thread.join()

    # Another process finds out within 15 s; to look at the outbox takes this machine some, too.
    eventually(lambda: not events(other), 90, "all events delivered")
    assert not other.table("outbox_dead_letters")
    fans.stars = {(row["videoid"], row["userid"]): row["rating"]
                  for row in other.table("video_ratings_by_user")}
    # Ratings that were cut off before they had an event are completed, and delivered, later: a
    # minute has to pass before they are taken for given up.
    assert eventually(lambda: all_related_are_right(other.client, fans), 120, "exact scores")
    eventually(lambda: last in search.ids(other.client, "last"), 30, "the last video is found")
    scores = {(row["videoid"], row["otherid"]): row["score"]
              for row in other.table("suggestions_scores")}
    for video_id in fans.videos:
        for other_id, score in fans.scores(video_id).items():
            assert scores[video_id, other_id] == score
