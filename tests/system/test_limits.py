"""Limits: sizes of messages, deadlines, and work that piles up."""

import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from support.expect import StatusCode, status
from support.ids import random_id, timeuuid
from support.program import seconds

NOW = 1_700_000_000_000


def outcome(call):
    try:
        call()
        return "done"
    except grpc.RpcError as error:
        return error.code()


def test_a_message_too_large_is_refused(launch):
    client = launch("--max-message-bytes", 50_000).client
    video_id = random_id()
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.comment(video_id, random_id(), timeuuid(NOW), "x" * 50_001)
    assert list(client.video_comments(video_id).comments) == []
    client.comment(video_id, random_id(), timeuuid(NOW), "x" * 5_000)
    assert len(client.video_comments(video_id).comments) == 1


def test_by_default_a_message_of_64_megabytes_is_refused(client):
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.comment(random_id(), random_id(), timeuuid(NOW), "x" * 64_000_000)


def test_work_whose_caller_has_given_up_is_not_done(launch):
    """One thread hashes passwords; who waits in its queue beyond the deadline is dropped."""
    server = launch("--password-threads", "1")
    client = server.client
    ids = [random_id() for _ in range(60)]

    def create(user_id):
        return outcome(lambda: client.create_user(user_id, f"{user_id}@example.org",
                                                  timeout=seconds(0.25)))

    with ThreadPoolExecutor(60) as pool:
        outcomes = dict(zip(ids, pool.map(create, ids)))
    assert set(outcomes.values()) <= {"done", StatusCode.DEADLINE_EXCEEDED,
                                      StatusCode.RESOURCE_EXHAUSTED}
    late = [user_id for user_id in ids if outcomes[user_id] == StatusCode.DEADLINE_EXCEEDED]
    assert len(late) > 5
    # A new request waits for none of them, or for the one under way at most.
    start = time.perf_counter()
    client.create_user(random_id(), "next@example.org")
    took = time.perf_counter() - start
    exist = {profile.user_id.value for profile in client.profiles(*ids)}
    assert all(outcomes[user_id] != "done" or user_id in exist for user_id in ids)
    assert len([user_id for user_id in late if user_id in exist]) <= 3
    assert took < seconds(1)


def test_a_deadline_that_has_passed_is_told(client):
    with status(StatusCode.DEADLINE_EXCEEDED):
        client.create_user(random_id(), "late@example.org", timeout=0.0001)


def test_requests_beyond_the_limit_in_flight_are_refused_at_once(launch):
    server = launch("--max-in-flight", "4", "--password-threads", "1")
    client = server.client
    client.profiles(random_id())

    def create(_):
        user_id = random_id()
        return outcome(lambda: client.create_user(user_id, f"{user_id}@example.org"))

    with ThreadPoolExecutor(24) as pool:
        outcomes = list(pool.map(create, range(24)))
    assert set(outcomes) == {"done", StatusCode.RESOURCE_EXHAUSTED}
    assert len(server.table("users")) == outcomes.count("done") >= 4
    assert outcome(lambda: create(0)) == "done"


@pytest.mark.parametrize("queue", [1, 3])
def test_a_short_queue_of_writes_refuses_but_never_loses(launch, queue):
    server = launch("--write-queue", queue)
    client = server.client
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NOW + n) for n in range(300)]
    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(
            lambda id_: outcome(lambda: client.comment(video_id, user_id, id_)), ids))
    assert set(outcomes) <= {"done", StatusCode.RESOURCE_EXHAUSTED}
    acknowledged = {id_ for id_, result in zip(ids, outcomes) if result == "done"}
    stored = {row.comment_id.value for row in client.video_comments(video_id, 1000).comments}
    assert acknowledged == stored
    assert acknowledged
    assert {row.comment_id.value for row in client.user_comments(user_id, 1000).comments} == stored
