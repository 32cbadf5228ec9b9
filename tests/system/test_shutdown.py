"""Ending the program: what is in flight is finished, and it ends in time."""

import signal
import threading
import time

import grpc
import pytest

from support import stubs
from support.expect import StatusCode
from support.ids import random_id, timeuuid
from support.program import eventually, seconds

NOW = 1_700_000_000_000


def test_what_is_in_flight_is_finished(launch):
    """Ten creations wait for one thread that hashes passwords when the signal comes."""
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(20)))
    ids = [random_id() for _ in range(10)]
    server.client.profiles(random_id())
    calls = [server.client.users.CreateUser.future(stubs.users.CreateUserRequest(
        user_id=stubs.common.Uuid(value=user_id), first_name="Ada", last_name="Lovelace",
        email=f"{user_id}@example.org", password="a password")) for user_id in ids]
    # The first one done shows that the server has taken them: they were sent in this order.
    calls[0].result(timeout=seconds(10))
    assert not calls[-1].done()
    server.process.terminate()
    for call in calls:
        call.result(timeout=seconds(30))
    server.ended()
    server.start()
    assert len(server.client.profiles(*ids)) == 10


def test_new_requests_are_refused_while_the_last_ones_finish(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(20)))
    address = server.grpc_address
    calls = [server.client.users.CreateUser.future(stubs.users.CreateUserRequest(
        user_id=stubs.common.Uuid(value=random_id()), first_name="Ada", last_name="Lovelace",
        email=f"{number}@example.org", password="a password")) for number in range(20)]
    calls[0].result(timeout=seconds(10))
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
        call.result(timeout=seconds(30))
    server.ended()


def test_readiness_ends_before_the_server_does(launch):
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(20)))
    calls = [server.client.users.CreateUser.future(stubs.users.CreateUserRequest(
        user_id=stubs.common.Uuid(value=random_id()), first_name="Ada", last_name="Lovelace",
        email=f"{number}@example.org", password="a password")) for number in range(20)]
    calls[0].result(timeout=seconds(10))
    assert server.get("/readyz")[0] == 200
    server.process.terminate()
    # While requests are still in flight, balancers are told to send no more.
    eventually(lambda: server.get("/readyz")[0] == 503, 10, "not ready")
    assert server.get("/healthz")[0] == 200
    for call in calls:
        call.result(timeout=seconds(30))
    server.ended()


def test_a_call_without_end_holds_up_the_end_no_longer_than_the_grace(launch):
    server = launch("--shutdown-grace", "1")
    watched = server.client.health.Watch(stubs.health.HealthCheckRequest(service=""))
    next(watched)
    start = time.monotonic()
    server.process.terminate()
    server.ended(15)
    assert time.monotonic() - start < seconds(8)


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


def test_it_starts_and_ends_quickly(launch):
    server = launch()
    start = time.monotonic()
    server.restart()
    assert time.monotonic() - start < seconds(3)
