"""Limits: sizes of messages, deadlines, and work that piles up."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from support.creations import creations
from support.expect import StatusCode, status
from support.ids import random_id, timeuuid
from support.waiting import seconds

pytestmark = pytest.mark.concurrent

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
    before = creations(server, 100)
    late = [random_id() for _ in range(5)]
    for user_id in late:
        assert outcome(lambda: client.create_user(
            user_id, f"{user_id}@example.org", timeout=0.1)) == StatusCode.DEADLINE_EXCEEDED
    for call in before:
        call.result(timeout=seconds(60))
    # Passwords are hashed in turn: now it has been the turn of all that came before this one.
    client.create_user(random_id(), "next@example.org")
    assert list(client.profiles(*late)) == []


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
