"""Ending the program: what is in flight is finished, and it ends in time."""

import signal
import subprocess
import threading
import time

import grpc
import pytest

from support import stubs
from support.creations import creations
from support.expect import StatusCode
from support.ids import random_id, timeuuid
from support.program import BINARY, environment, free_port
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


# A signal that is ignored when the program starts, as nohup or a shell's background job does, and
# one that ends it.
IGNORED = [(signal.SIGHUP, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM),
           (signal.SIGTERM, signal.SIGINT)]


def ignoring(*signals):
    """For subprocess.Popen: the program starts with these signals ignored."""
    def ignore():
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
    return ignore


def spare(process, number):
    """Sends a signal that the program must not heed."""
    for _ in range(2):
        process.send_signal(number)
        time.sleep(0.3)
    assert process.poll() is None


@pytest.mark.parametrize("ignored, end", IGNORED)
def test_a_signal_that_was_ignored_at_the_start_stays_ignored(launch, ignored, end):
    server = launch(start=False)
    server.launch(preexec_fn=ignoring(ignored))
    server.started()
    spare(server.process, ignored)
    assert server.client.plays(random_id())
    server.stop(end)


@pytest.mark.parametrize("ignored, end", IGNORED)
def test_it_stays_ignored_while_the_program_waits_for_cassandra(launch, ignored, end):
    address = f"127.0.0.1:{free_port()}"
    server = launch("--store", "cassandra", "--cassandra-contact-points", "127.0.0.1:1",
                    "--http-address", address, start=False)
    server.http_address = address
    server.launch(preexec_fn=ignoring(ignored))

    def waits():
        try:
            return server.get("/readyz")[0] == 503
        except OSError:
            return False
    eventually(waits, 20, "waiting")
    spare(server.process, ignored)
    server.process.send_signal(end)
    server.ended()


def test_it_stays_ignored_when_the_program_ends(launch):
    """A second SIGINT ends the program at once, but not one that is ignored."""
    server = launch("--password-threads", "1", "--shutdown-grace", int(seconds(60)), start=False)
    server.launch(preexec_fn=ignoring(signal.SIGINT))
    server.started()
    calls = creations(server, 50)
    server.process.terminate()
    server.process.send_signal(signal.SIGINT)
    assert {outcome(call) for call in calls} == {StatusCode.OK}
    server.ended()


def test_nohup_holds(launch, directory):
    server = launch(start=False)
    with open(directory / "wrapper", "w", encoding="ascii") as script:
        script.write(f'#!/bin/sh\nexec nohup "{BINARY}" "$@"\n')
    (directory / "wrapper").chmod(0o755)
    server.launch(program=directory / "wrapper")
    server.started()
    spare(server.process, signal.SIGHUP)
    server.stop(signal.SIGINT)


@pytest.mark.parametrize("ignored, end", IGNORED)
def test_other_commands_heed_no_signal_that_was_ignored(directory, ignored, end):
    process = subprocess.Popen(
        [BINARY, "generate", "--users", "20000", "--videos", "100000", "--data-dir",
         directory / "data"],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=ignoring(ignored))
    try:
        eventually(lambda: (directory / "data" / "store").exists(), 20, "a store")
        spare(process, ignored)
        process.send_signal(end)
        assert process.wait(seconds(30)) == -end
    finally:
        process.kill()
        process.wait()


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
