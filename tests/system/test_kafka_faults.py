"""Kafka that is away, hangs, comes back or wants a login; consumers that come, go and die."""

import collections
import threading
import time

import grpc
import pytest

from support import stubs
from support.client import Client
from support.fans import Fans, all_related_are_right
from support.ids import random_id
from support.kafka import (DEAD_LETTERS, PASSWORD, RATINGS, USER, headers_of, metrics,
                           wait_until_consumed)
from support.waiting import eventually, seconds

# Each test starts a broker, and some kill it.
pytestmark = pytest.mark.timeout(400)

AWAY = "Kafka cannot be used"


def works(client):
    video_id = random_id()
    client.submit(video_id, random_id())
    client.rate(video_id, random_id(), 5)
    assert client.video(video_id).name == "A video"


def test_kafka_may_come_after_the_program_which_serves_and_loses_nothing(launch, make_kafka):
    kafka = make_kafka()
    server = launch(*kafka.flags(), "--event-tries", "1")
    eventually(lambda: AWAY in server.log, 30, "a warning")
    for _ in range(3):
        works(server.client)
    time.sleep(5)
    assert server.log.count(AWAY) == 1
    assert metrics(server, "reachable") == {(): 0}
    assert len(server.table("outbox_events")) == 6
    assert server.get("/readyz")[0] == 200
    kafka.start()
    wait_until_consumed(server)
    assert len(kafka.records(RATINGS)) == 3
    assert metrics(server, "reachable") == {(): 1}
    assert not server.table("outbox_dead_letters")


def test_what_waited_while_the_program_was_restarted_is_delivered(launch, make_kafka):
    kafka = make_kafka()
    server = launch(*kafka.flags())
    works(server.client)
    server.kill()
    server.start()
    works(server.client)
    kafka.start()
    wait_until_consumed(server)
    assert len(kafka.records(RATINGS)) == 2


@pytest.mark.parametrize("how", ["away", "killed", "hanging"])
def test_the_program_ends_in_time_without_kafka(launch, make_kafka, how):
    kafka = make_kafka()
    if how != "away":
        kafka.start()
    server = launch(*kafka.flags())
    if how != "away":
        works(server.client)
        wait_until_consumed(server)
        kafka.kill() if how == "killed" else kafka.pause()
    works(server.client)
    began = time.monotonic()
    server.stop()
    # The usual grace is ten seconds.
    assert time.monotonic() - began < seconds(12)
    if how == "hanging":
        kafka.resume()
    assert server.start().table("outbox_events")


class Load:
    """Users who rate the same videos, in threads: each rates a video of theirs again and again."""

    def __init__(self, server, fans, threads=4):
        self._server, self._fans, self._end = server, fans, threading.Event()
        self.acknowledged = collections.defaultdict(list)  # Stars by video and user, in order.
        self._threads = [threading.Thread(target=self._rate, args=[n]) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def _rate(self, number):
        client, users = Client(self._server.grpc_address), [random_id() for _ in range(3)]
        count = 0
        try:
            while not self._end.is_set():
                video_id = self._fans.videos[(count + number) % len(self._fans.videos)]
                user_id, stars = users[count % 3], 1 + (count * 7 + number) % 5
                client.rate(video_id, user_id, stars)
                self.acknowledged[video_id, user_id].append(stars)
                self._fans.stars[video_id, user_id] = stars
                count += 1
                time.sleep(0.002)
        except grpc.RpcError as error:
            self.failure = error
        finally:
            client.close()

    def count(self):
        return sum(map(len, self.acknowledged.values()))

    def stop(self):
        self._end.set()
        for thread in self._threads:
            thread.join()


def without_repetitions(stars):
    """A sequence without what is next to its like: an event may come twice."""
    return [star for n, star in enumerate(stars) if n == 0 or stars[n - 1] != star]


def test_a_broker_that_is_killed_under_load_loses_nothing_and_keeps_the_order(launch, kafka):
    server = launch(*kafka.flags(), "--event-tries", "1")
    fans = Fans(server.client, 6)
    load = Load(server, fans)
    eventually(lambda: load.count() > 200, 60, "200 ratings")
    kafka.kill()
    at_kill = load.count()
    eventually(lambda: load.count() > at_kill + 200, 60, "200 ratings without Kafka")
    kafka.start()
    after = load.count()
    eventually(lambda: load.count() > after + 200, 60, "200 more ratings")
    load.stop()
    wait_until_consumed(server, 120)
    seen = collections.defaultdict(list)
    for record in kafka.records(RATINGS):
        event = stubs.ratings_events.UserRatedVideo.FromString(record.value())
        seen[event.video_id.value, event.user_id.value].append(event.rating)
    for key, stars in load.acknowledged.items():
        assert without_repetitions(seen[key]) == without_repetitions(stars)
    eventually(lambda: all_related_are_right(server.client, fans), 60, "the right suggestions")
    assert not server.table("outbox_dead_letters")


def poisoned(count, keys):
    """Records that no handler can take, numbered; so that those who handled them leave a trace."""
    return [(keys[n % len(keys)], b"\xff" + str(n).encode(), []) for n in range(count)]


def trace(kafka):
    """The numbers of the records that have been handled, by their keys, in order."""
    seen = collections.defaultdict(list)
    for record in kafka.records(DEAD_LETTERS):
        if headers_of(record)["dead-letter-handler"] == "recommender":
            seen[record.key().decode()].append(int(record.value()[1:]))
    return seen


def first_times(numbers):
    return list(dict.fromkeys(numbers))


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_members_of_a_group_come_and_go_and_every_record_is_handled_in_order(
        launch, kafka, directory, end):
    keys, count = [random_id() for _ in range(20)], 3000
    # Two stores: nobody but their operator would have them share a group, and nothing else would
    # have two processes consume at the same time.
    first = launch(*kafka.flags())
    eventually(lambda: first.log.count("consuming from Kafka") >= 3, 60, "a member")
    records = poisoned(count, keys)
    kafka.produce(RATINGS, records[:count // 2])
    second = launch(*kafka.flags(), data_dir=directory / "second")
    eventually(lambda: second.log.count("consuming from Kafka") >= 3, 60, "another member")
    kafka.produce(RATINGS, records[count // 2:])
    eventually(lambda: metrics(second, "dead_letters_total"), 60, "work of the second one")
    getattr(first, end)()

    eventually(lambda: sum(len(set(numbers)) for numbers in trace(kafka).values()) == count, 90,
               "all records")
    for key, numbers in trace(kafka).items():
        assert first_times(numbers) == sorted(set(numbers))
        assert set(numbers) == {n for n in range(count) if keys[n % len(keys)] == key}
    eventually(lambda: kafka.committed("killrvideo-recommender", RATINGS) == count, 30, "commits")


def test_it_ends_while_there_is_more_to_take_than_it_can(launch, kafka):
    kafka_flags, keys = kafka.flags(), [random_id() for _ in range(50)]
    server = launch(*kafka_flags, "--events-waiting", "100")
    eventually(lambda: server.log.count("consuming from Kafka") >= 3, 60, "a member")
    kafka.produce(RATINGS, poisoned(30_000, keys))
    for _ in range(4):
        eventually(lambda: metrics(server, "dead_letters_total"), 60, "work")
        server.stop()
        server.start()


def test_a_member_that_got_no_partitions_takes_over(launch, kafka, directory):
    keys, flags = [random_id() for _ in range(20)], [*kafka.flags(), "--kafka-partitions", "1"]
    members = [launch(*flags)]
    eventually(lambda: members[0].log.count("consuming from Kafka") >= 3, 60, "a member")
    members.append(launch(*flags, data_dir=directory / "second"))
    eventually(lambda: members[0].log.count("gave up partitions") >= 3, 60, "another member")
    kafka.produce(RATINGS, poisoned(100, keys))

    def handled():
        return sum(len(set(numbers)) for numbers in trace(kafka).values())
    eventually(lambda: handled() == 100, 60, "the first records")
    holder, = (member for member in members if metrics(member, "dead_letters_total"))
    holder.kill()
    kafka.produce(RATINGS, poisoned(200, keys)[100:])
    eventually(lambda: handled() == 200, 60, "the others")


def test_tls_with_certificates_on_both_sides(launch, make_kafka):
    kafka = make_kafka("--tls", "client").start()
    certificate = ["--kafka-tls-certificate", kafka.tls / "client.pem",
                   "--kafka-tls-key", kafka.tls / "client.key"]
    trusting = [*kafka.flags(), "--kafka-tls", "on", "--kafka-tls-ca", kafka.tls / "ca.pem"]
    server = launch(*trusting, *certificate)
    works(server.client)
    wait_until_consumed(server)
    server.stop()
    # None to show, and one that trusts somebody else.
    for flags in (trusting, [*trusting, *certificate, "--kafka-tls-ca",
                             kafka.tls / "other-ca.pem"]):
        server.flags = [*server.store_flags, *map(str, flags), *server.flags[-4:]]
        server.start()
        eventually(lambda: AWAY in server.log, 30, "a warning")
        works(server.client)
        assert metrics(server, "reachable") == {(): 0}
        server.stop()


# The broker of SCRAM is an older one, as Debian's librdkafka cannot log in to others with it.
@pytest.mark.parametrize("mechanism, tls, broker", [
    ("plain", "off", []), ("scram-sha-256", "off", ["--release", "3.9.1"]),
    ("scram-sha-512", "server", ["--release", "3.9.1"])])
def test_logins(launch, make_kafka, directory, mechanism, tls, broker):
    kafka = make_kafka("--sasl", mechanism, "--tls", tls, *broker).start()
    good, bad = directory / "good", directory / "bad"
    good.write_text(f"{PASSWORD}\n")
    bad.write_text("guess\n")
    flags = [*kafka.flags(), "--kafka-sasl-mechanism", mechanism, "--kafka-username", USER]
    if tls != "off":
        flags += ["--kafka-tls", "on", "--kafka-tls-ca", kafka.tls / "ca.pem"]
    server = launch(*flags, "--kafka-password-file", bad)
    eventually(lambda: AWAY in server.log, 60, "a warning")
    assert "uthentication" in server.log
    works(server.client)
    server.stop()
    server = launch(*flags, "--kafka-password-file", good)
    works(server.client)
    wait_until_consumed(server)
