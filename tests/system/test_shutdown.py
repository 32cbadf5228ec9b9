"""Ending the program: what is in flight is finished, and it ends in time."""

import signal
import threading

import grpc
import pytest

from support import stubs
from support.creations import creations
from support.expect import StatusCode
from support.ids import random_id, timeuuid
from support.waiting import eventually, seconds

pytestmark = pytest.mark.concurrent

NOW = 1_700_000_000_000


def outcome(call):
    """The status code with which a call ends, OK included."""
    try:
        call.result(timeout=seconds(30))
        return StatusCode.OK
    except grpc.RpcError as error:
        return error.code()


def test_what_is_in_flight_is_finished(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(30)))
    calls = creations(server, 50)
    server.process.terminate()
    assert {outcome(call) for call in calls} == {StatusCode.OK}
    server.ended()
    server.start()
    assert len(server.table("users")) == 50


def test_new_requests_are_refused_while_the_last_ones_finish(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(60)))
    address = server.grpc_address
    calls = creations(server, 60)
    server.process.terminate()

    def refused():
        with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            ask = stubs.statistics_grpc.StatisticsServiceStub(channel).GetNumberOfPlays
            request = stubs.statistics.GetNumberOfPlaysRequest()
            request.video_ids.add(value=random_id())
            try:
                ask(request, timeout=seconds(5))
                return False
            except grpc.RpcError as error:
                return error.code() == StatusCode.UNAVAILABLE
    eventually(refused, 10, "refusal")
    for call in calls:
        call.result(timeout=seconds(60))
    server.ended(60)


def test_readiness_ends_before_the_server_does(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(60)))
    calls = creations(server, 60)
    assert server.get("/readyz")[0] == 200
    server.process.terminate()
    # While requests are still in flight, balancers are told to send no more.
    eventually(lambda: server.get("/readyz")[0] == 503, 10, "not ready")
    assert server.get("/healthz")[0] == 200
    for call in calls:
        call.result(timeout=seconds(60))
    server.ended(60)


def test_a_stream_without_end_does_not_hold_up_the_end(launch):
    """Whoever watches the server's health is told that it ends, and not waited for."""
    server = launch("--shutdown-grace", "300")
    watched = server.client.health.Watch(stubs.health.HealthCheckRequest(service=""))
    serving, not_serving = 1, 2
    assert next(watched).status == serving
    server.process.terminate()
    assert next(watched).status == not_serving
    server.ended(30)


def test_what_lasts_longer_than_the_grace_is_cut_off(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", "0")
    calls = creations(server, 200)
    server.process.terminate()
    codes = {outcome(call) for call in calls}
    assert codes - {StatusCode.OK}
    assert codes <= {StatusCode.OK, StatusCode.UNAVAILABLE, StatusCode.CANCELLED}
    server.ended()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_by_either_signal(launch, by):
    server = launch()
    video_id, comment_id = random_id(), timeuuid(NOW)
    server.client.comment(video_id, random_id(), comment_id)
    server.stop(by)
    server.start()
    assert [row.comment_id.value for row in server.client.video_comments(video_id).comments] == [
        comment_id]


def test_a_second_signal_does_no_harm(launch):
    server = launch()
    server.client.profiles(random_id())
    for _ in range(3):
        if server.running:
            server.process.send_signal(signal.SIGTERM)
    server.ended()


def test_it_ends_in_the_middle_of_load(launch):
    """Each write is acknowledged and kept, or it fails as one that may be tried again."""
    server = launch()
    video_id, user_id = random_id(), random_id()
    acknowledged, failures = [], []

    def write(thread):
        client = server.client
        for number in range(100_000):
            comment_id = timeuuid(NOW + number, node=thread + 1)
            try:
                client.comment(video_id, user_id, comment_id)
                acknowledged.append(comment_id)
            except grpc.RpcError as error:
                failures.append(error.code())
                return

    threads = [threading.Thread(target=write, args=[n]) for n in range(6)]
    server.client.profiles(random_id())
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 200, 20, "load")
    server.process.terminate()
    for thread in threads:
        thread.join()
    server.ended()
    assert set(failures) <= {StatusCode.UNAVAILABLE, StatusCode.CANCELLED}
    server.start()
    stored = {row["commentid"] for row in server.table("comments_by_video")}
    assert set(acknowledged) <= stored
    assert stored == {row["commentid"] for row in server.table("comments_by_user")}
