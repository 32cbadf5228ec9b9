"""Users at work on the whole tier while its servers and processes die and hang."""

import os
import random
import time

import grpc
import pytest

from load import Load
from support import search
from support.expect import StatusCode
from support.fans import Fans, all_related_are_right
from support.ids import random_id
from support.waiting import eventually

SECONDS = float(os.environ.get("KILLRVIDEO_SOAK_SECONDS", "20"))
pytestmark = pytest.mark.timeout(1800 + SECONDS)

TIME_WITHOUT = 3  # seconds, in which clients go on
LONGEST_FREEZE = 20
LONGER_THAN_ALL_TRIES = 45  # which take 35 s
AWAY = (StatusCode.UNAVAILABLE, StatusCode.DEADLINE_EXCEEDED)


def until_it_is_taken(action):
    """Repeats a call that may be repeated for as long as the process it is for is away."""
    def taken():
        try:
            action()
            return True
        except grpc.RpcError as error:
            assert error.code() in AWAY, error
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
    return fans.all_scores().items() <= scores.items()


def killed(tier, label, _):
    tier.kill(label)
    time.sleep(TIME_WITHOUT)
    tier.restart(label)


def frozen(tier, label, choice):
    tier.pause(label)
    time.sleep(choice.uniform(0, LONGEST_FREEZE))
    tier.resume(label)


def restarted(tier, label, _):
    tier.restart(label)


def survives(tier, seed, faults):
    """Has clients at work while things go wrong, and looks at all that they did at the end."""
    assert search.ids(tier.client, "wing"), "the sample catalog is searched"
    choice, users = random.Random(seed), [random_id() for _ in range(8)]
    fans = Fans(tier.client, 6)
    with Load([tier], clients=4, seed=seed) as load:
        load.go_on(50)
        for fault, label in faults:
            print(f"{label} is {fault.__name__}", flush=True)
            fault(tier, label, choice)
            rate_some(tier.client, fans, users, choice)
            load.succeeds_again()
    print(f"seed {seed}: {load.report()}")
    load.check(tier, delivered=True)
    eventually(lambda: scores_are_right(tier, fans), 120, "exact scores")
    assert not tier.dead_letters()
    eventually(lambda: all_related_are_right(tier.client, fans), 60, "the right related videos")


def test_nothing_is_lost_whatever_dies(tier):
    survives(tier, 1, ((killed, label) for label in tier.labels()))


def test_an_event_waits_for_as_long_as_the_database_is_away(tier):
    fans, choice, users = Fans(tier.client, 6), random.Random(2), [random_id() for _ in range(8)]
    tier.pause("killrvideo/suggestions")
    for _ in range(10):
        rate_some(tier.client, fans, users, choice)
    eventually(lambda: not tier.table("outbox_events"), 60, "all events in Kafka")
    nodes = tier.labels("cassandra/")
    for node in nodes:
        tier.kill(node)
    tier.resume("killrvideo/suggestions")
    time.sleep(LONGER_THAN_ALL_TRIES)
    for node in nodes:
        tier.restart(node)
    eventually(lambda: scores_are_right(tier, fans), 120, "exact scores")
    assert not tier.dead_letters()


def test_random_faults(tier):
    seed = random.randrange(1_000_000)
    choice, end = random.Random(seed), time.monotonic() + SECONDS

    def faults():
        while time.monotonic() < end:
            yield choice.choice([killed, frozen, restarted]), choice.choice(tier.labels())
    survives(tier, seed, faults())
