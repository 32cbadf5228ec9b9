"""Events of several processes on one cluster: what a dead one has left, another one delivers."""

import json
import re
import threading

import grpc
import pytest

from support import search
from support.client import Client
from support.expect import StatusCode
from support.fans import Fans, all_related_are_right
from support.ids import random_id
from support.outbox import events
from support.program import run
from support.waiting import eventually

pytestmark = pytest.mark.timeout(300)


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


def all_are_counted(server, fans):
    scores = {(row["videoid"], row["otherid"]): row["score"]
              for row in server.table("suggestions_scores")}
    return all(scores.get((video_id, other_id)) == score for video_id in fans.videos
               for other_id, score in fans.scores(video_id).items())


def test_what_a_dead_process_left_another_one_delivers_and_each_counts_once(launch_process):
    dying, other = launch_process(), launch_process()
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
    eventually(lambda: all_are_counted(other, fans), 120, "exact scores")
    eventually(lambda: all_related_are_right(other.client, fans), 10, "the right related videos")
    eventually(lambda: last in search.ids(other.client, "last"), 30, "the last video is found")


def delivered(servers):
    """The ids of the events that a handler has failed to take, in the order of delivery."""
    found = [re.findall(r"became a dead letter event=(\S+)", server.log) for server in servers]
    assert [] in found  # One process delivers for both.
    return sum(found, [])


def test_events_of_a_key_come_in_order_whichever_process_wrote_them(launch_process):
    servers = [launch_process("--event-tries", "1") for _ in range(2)]
    eventually(lambda: servers[0].table("suggestions_epoch"), 60, "ratings are counted")
    # From now on every delivery of a rating fails, and the log tells of it.
    servers[0].engine.drop_table(servers[0].data_dir, "suggestions_likes")
    video_id, users = random_id(), [random_id() for _ in range(40)]
    for n, user_id in enumerate(users):
        servers[n % 2].client.rate(video_id, user_id, 5)
    eventually(lambda: len(delivered(servers)) >= len(users), 120, "all events delivered")

    listed = run("events", "list", "--data-dir", servers[0].data_dir, *servers[0].store_flags)
    letters = map(json.loads, listed.stdout.splitlines())
    users_of = {letter["event"]: letter["message"]["userId"]["value"] for letter in letters}
    assert [users_of[event] for event in delivered(servers)] == users
