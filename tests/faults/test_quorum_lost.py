"""Too few nodes: clear and quick refusals, and everything is well again when they are back."""

import functools
import signal
import time

import grpc
import pytest

from load import Load
from support.client import message
from support.expect import StatusCode
from support.ids import random_id, timeuuid
from support.outbox import KEEPING_EVENTS
from support.waiting import eventually, seconds

pytestmark = pytest.mark.timeout(900)


def refusal(call):
    """The error of a call that has to fail, or nothing."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    return None


def says_why(error):
    """In the words of a node that is left, or in ours."""
    return ("1 of the 2 replicas needed are alive" in error.details()
            or "1 of 3 nodes of data centre dc1 are connected" in error.details())


# Far below the time that a request may take, and far above the one that a refusal takes.
SOON = seconds(8)


def calls(client, video_id):
    """One of every kind; each has to be answered soon, whatever the answer is."""
    user_id = random_id()
    ask = functools.partial(client.call, timeout=SOON)
    return [
        lambda: ask("GetVideo", video_id=video_id),
        lambda: ask("GetVideoPreviews", video_ids=[video_id]),
        lambda: ask("GetLatestVideoPreviews", page_size=5),
        lambda: ask("GetUserVideoPreviews", user_id=user_id, page_size=5),
        lambda: ask("GetVideoComments", video_id=video_id, page_size=5),
        lambda: ask("GetUserComments", user_id=user_id, page_size=5),
        lambda: ask("GetUserProfile", user_ids=[user_id]),
        lambda: ask("GetRating", video_id=video_id),
        lambda: ask("GetNumberOfPlays", video_ids=[video_id]),
        lambda: ask("RateVideo", video_id=video_id, user_id=user_id, rating=3),
        lambda: ask("RecordPlaybackStarted", video_id=video_id),
        lambda: client.comment(video_id, user_id, timeuuid(1_700_000_000_000), timeout=SOON),
        lambda: client.submit(random_id(), user_id, timeout=SOON),
        lambda: client.create_user(user_id, f"{user_id}@example.org", timeout=SOON)]


def test_with_two_nodes_dead_everything_is_refused_and_works_again_after(cluster, launch, report):
    server, video_id = launch(*KEEPING_EVENTS), random_id()
    server.client.submit(video_id, random_id())
    assert server.get("/readyz")[0] == 200

    with Load([server]) as load:
        load.go_on(100)
        cluster.kill("n2", "n3")
        status, reason = eventually(lambda: not_ready(server), 60, "readiness turns red")
        assert "1 of 3 nodes" in reason
        # The last node takes some seconds to see that the others are gone.
        eventually(lambda: (error := refusal(calls(server.client, video_id)[0])) and
                   says_why(error), 60, "a clear reason")
        for call in calls(server.client, video_id):
            error = refusal(call)
            assert error.code() == StatusCode.UNAVAILABLE, error
            assert says_why(error), error
        assert server.get("/healthz")[0] == 200

        cluster.start("n2", "n3")
        load.succeeds_again()
    eventually(lambda: server.get("/readyz")[0] == 200, 30, "readiness")
    report(load.report())
    load.submitted.add(video_id)
    load.check(server)


def not_ready(server):
    status, text = server.get("/readyz")
    return (status, text) if status == 503 else None


def test_it_waits_for_a_cluster_that_is_down_and_says_so(cluster, launch):
    before, video_id = launch(), random_id()
    before.client.submit(video_id, random_id())
    before.stop()
    cluster.kill(*cluster.nodes)

    server = launch("--http-address", "127.0.0.1:0", start=False)
    server.launch()
    eventually(lambda: "waiting for Cassandra at 127." in server.log, 30, "what it waits for")
    time.sleep(seconds(5))
    assert server.running and "ready" not in server.output

    cluster.start(*cluster.nodes)
    server.started(120)
    assert server.client.video(video_id).name == "A video"


def test_it_can_be_ended_while_it_waits(cluster, launch):
    server = launch("--cassandra-contact-points", "127.0.0.1:1", start=False)
    server.launch()
    eventually(lambda: "waiting for Cassandra at 127.0.0.1:1" in server.log, 30, "a warning")
    server.stop()
    assert "ready" not in server.output


def test_it_ends_in_time_while_calls_wait_for_nodes_that_hang(cluster, launch):
    """When the grace is over nobody waits any more for what the cluster may say."""
    grace = 3
    server, video_id = launch("--shutdown-grace", grace), random_id()
    server.client.submit(video_id, random_id())
    cluster.pause(*cluster.nodes)
    request = message("GetVideo", video_id=video_id)
    waiting = [server.client.catalog.GetVideo.future(request, timeout=120) for _ in range(20)]
    eventually(lambda: "killrvideo_cassandra_in_flight 2" in server.get("/metrics")[1], 10,
               "calls that wait")
    server.process.send_signal(signal.SIGTERM)
    # Well before the time that a request may take.
    server.ended(grace + 10)
    assert all(call.code() != StatusCode.OK for call in waiting)
