"""Users at work on the whole tier while each server and each process is killed once."""

import random
import time

import grpc
import pytest

from load import Load
from support import search
from support.expect import StatusCode
from support.ids import random_id
from support.program import eventually
from test_suggestions import Fans, all_related_are_right

pytestmark = pytest.mark.timeout(1800)

TIME_WITHOUT = 3  # seconds, in which clients go on


def until_it_is_taken(action):
    """Repeats a call that may be repeated for as long as the process it is for is away."""
    def taken():
        try:
            action()
            return True
        except grpc.RpcError as error:
            assert error.code() == StatusCode.UNAVAILABLE, error
            return False
    eventually(taken, 120, "an answer")


def rate_some(client, fans, users, choice):
    for user_id in users:
        video_id, stars = choice.choice(fans.videos), choice.randint(1, 5)
        until_it_is_taken(lambda: client.rate(video_id, user_id, stars))
        fans.stars[video_id, user_id] = stars


def scores_are_right(tier, fans):
    scores = {(row["videoid"], row["otherid"]): row["score"]
              for row in tier.table("suggestions_scores")}
    return all(scores.get((video_id, other_id)) == score for video_id in fans.videos
               for other_id, score in fans.scores(video_id).items())


def test_nothing_is_lost_whatever_dies(tier):
    assert search.ids(tier.client, "wing"), "the sample catalog is searched"
    choice, users = random.Random(1), [random_id() for _ in range(8)]
    fans = Fans(tier.client, 6)
    with Load([tier], clients=4) as load:
        load.go_on(50)
        for label in tier.labels():
            tier.kill(label)
            time.sleep(TIME_WITHOUT)
            tier.restart(label)
            rate_some(tier.client, fans, users, choice)
            load.succeeds_again()
    load.check(tier, delivered=True)
    eventually(lambda: scores_are_right(tier, fans), 120, "exact scores")
    eventually(lambda: all_related_are_right(tier.client, fans), 60, "the right related videos")
