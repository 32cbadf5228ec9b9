"""Events over Kafka: what others read there, and what is taken from there."""

import pathlib
import tempfile

import pytest

from support import cassandra, search, stubs
from support.engines import ENGINES
from support.fans import Fans, all_related_are_right, rate_at_random
from support.ids import random_id, timeuuid
from support.kafka import (COMMENTS, DEAD_LETTERS, RATINGS, USERS, VIDEOS, Kafka, headers_of,
                           metrics, wait_until_consumed)
from support.program import BAD_USAGE, clear_line, run
from support.waiting import eventually

EVERY_ENGINE = True
pytestmark = pytest.mark.timeout(300)

RATED = "killrvideo.ratings.events.UserRatedVideo"
ADDED = "killrvideo.video_catalog.events.YouTubeVideoAdded"


@pytest.fixture(scope="module")
def kafka():
    """A broker for all tests: each has videos, users and consumer groups of its own."""
    with tempfile.TemporaryDirectory(prefix="killrvideo-test-kafka-") as path:
        broker = Kafka(pathlib.Path(path))
        try:
            yield broker.start()
        finally:
            broker.stop()


@pytest.fixture
def prefix():
    return f"test-{random_id()}"


@pytest.fixture
def server(launch, kafka, prefix):
    return launch(*kafka.flags(prefix))


def records_about(kafka, topic, key):
    return [record for record in kafka.records(topic) if record.key() == key.encode()]


def record_about(kafka, topic, key):
    """The one that there is in the end."""
    found = eventually(lambda: records_about(kafka, topic, key), 60, f"a record on {topic}")
    assert len(found) == 1
    return found[0]


def rating(video_id, user_id, stars=5):
    event = stubs.ratings_events.UserRatedVideo(rating=stars)
    event.video_id.value, event.user_id.value = video_id, user_id
    return event.SerializeToString()


def rated_videos(client):
    fans = Fans(client, 5)
    rate_at_random(client, fans, [random_id() for _ in range(4)], 40, seed=3)
    return fans


def test_others_read_our_events(server, kafka):
    user_id, video_id, comment_id = random_id(), random_id(), timeuuid(1_700_000_000_000)
    server.client.create_user(user_id, f"{user_id}@example.org", first_name="Ada")
    server.client.submit(video_id, user_id, "Sintel", "A dragon", ["film"])
    server.client.rate(video_id, user_id, 4)
    server.client.comment(video_id, user_id, comment_id)

    created = stubs.users_events.UserCreated.FromString(
        record_about(kafka, USERS, user_id).value())
    assert (created.user_id.value, created.first_name) == (user_id, "Ada")
    record = record_about(kafka, VIDEOS, video_id)
    added = stubs.catalog_events.YouTubeVideoAdded.FromString(record.value())
    assert (added.video_id.value, added.name, list(added.tags)) == (video_id, "Sintel", ["film"])
    assert headers_of(record)["type"] == ADDED
    rated = stubs.ratings_events.UserRatedVideo.FromString(
        record_about(kafka, RATINGS, video_id).value())
    assert (rated.user_id.value, rated.rating) == (user_id, 4)
    told = stubs.comments_events.UserCommentedOnVideo.FromString(
        record_about(kafka, COMMENTS, video_id).value())
    assert told.comment_id.value == comment_id
    # A client that shares nothing with ours sees the same.
    seen, = [line for line in kafka.kcat(VIDEOS) if line["key"] == video_id]
    assert seen["headers"][:2] == ["type", ADDED]
    wait_until_consumed(server)
    assert metrics(server, "produced_total")[VIDEOS,] >= 1


def test_our_own_events_come_back_to_their_handlers(server):
    fans = rated_videos(server.client)
    eventually(lambda: all_related_are_right(server.client, fans), 60, "the right suggestions")
    video_id = random_id()
    server.client.submit(video_id, random_id(), f"Only {video_id[:8]}")
    eventually(lambda: video_id in search.ids(server.client, video_id[:8]), 60, "it is found")
    wait_until_consumed(server)


def test_the_topics_are_made_as_configured(launch, directory):
    broker = Kafka(directory / "own").start()
    try:
        server = launch(*broker.flags(), "--kafka-partitions", "3",
                        "--kafka-dead-letter-topic", "lost")
        eventually(lambda: server.log.count("made a topic in Kafka") == 6, 60, "six topics")
        server.client.create_user(random_id(), "ada@example.org")
        wait_until_consumed(server)
        produced = {record.partition() for record in broker.records(USERS)}
        assert produced <= {0, 1, 2}
        assert broker.kcat("lost") == []
    finally:
        broker.stop()


def test_a_record_that_cannot_be_read_is_a_dead_letter_and_nothing_waits_behind_it(
        server, kafka, prefix):
    video_id, user_id = random_id(), random_id()
    eventually(lambda: metrics(server, "consumer_lag"), 60, "consumers")
    kafka.produce(RATINGS, [
        (video_id, b"\xff\xff no message", [("mine", "1")]),
        (video_id, rating("no id", user_id), []),
        (video_id, b"", []),
        (None, b"\xff", []),
        (video_id, rating(video_id, user_id), [])])
    fans = rated_videos(server.client)

    def dead():
        return [record for record in kafka.records(DEAD_LETTERS)
                if headers_of(record)["dead-letter-group"] == f"{prefix}-recommender"]
    eventually(lambda: len(dead()) == 4, 60, "four dead letters")
    eventually(lambda: all_related_are_right(server.client, fans), 60, "the right suggestions")
    wait_until_consumed(server)
    first, second, third = [record for record in dead() if record.key() == video_id.encode()]
    told = headers_of(first)
    assert first.value() == b"\xff\xff no message"
    assert told["mine"] == "1"
    assert told["dead-letter-topic"] == RATINGS
    assert told["dead-letter-handler"] == "recommender"
    assert told["dead-letter-tries"] == "1"
    assert "the event cannot be read" in told["dead-letter-error"]
    origin, = [record for record in kafka.records(RATINGS)
               if (record.partition(), record.offset()) == (
                   int(told["dead-letter-partition"]), int(told["dead-letter-offset"]))]
    assert origin.value() == first.value()
    assert "an id that is none" in headers_of(second)["dead-letter-error"]
    assert third.value() in (b"", None)
    assert metrics(server, "dead_letters_total")[f"{prefix}-recommender", RATINGS] == 4
    assert not server.table("outbox_dead_letters")


def test_offsets_are_committed_when_records_are_handled(server, kafka, prefix):
    server.client.rate(random_id(), random_id(), 5)
    wait_until_consumed(server)
    count = len(kafka.records(RATINGS))
    eventually(lambda: kafka.committed(f"{prefix}-recommender", RATINGS) == count, 30, "commits")
    server.stop()
    server.start()
    eventually(lambda: "consuming from Kafka" in server.log, 60, "consumers")
    wait_until_consumed(server)
    tried = server.get("/metrics")[1]
    assert 'killrvideo_event_tries_seconds_count{handler="recommender"} 0' in tried


class TestCassandra:
    @pytest.fixture
    def keyspace(self, server):
        return server.engine.keyspace(server.data_dir)

    @pytest.fixture
    def engine(self):
        return ENGINES["cassandra"]

    def test_what_another_back_end_writes_and_tells_of_in_kafka_is_taken_up(
            self, server, keyspace, kafka):
        tag, ours, theirs = f"tag{random_id()[:8]}", random_id(), random_id()
        server.client.submit(ours, random_id(), tags=[tag])
        user_id = random_id()
        cassandra.execute(
            f"INSERT INTO {keyspace}.videos (videoid, userid, name, description, location,"
            f" location_type, preview_image_location, tags, added_date) VALUES ({theirs},"
            f" {user_id}, 'Theirs', '', 'x', 0, 'y', {{'{tag}'}}, toTimestamp(now()))")
        event = stubs.catalog_events.YouTubeVideoAdded(name="Theirs", tags=[tag])
        event.video_id.value, event.user_id.value = theirs, user_id
        kafka.produce(VIDEOS, [(None, event.SerializeToString(), [])])
        eventually(lambda: theirs in [video.video_id.value for video
                                      in server.client.related(ours).videos], 60, "it is related")

    def test_what_a_handler_fails_to_take_is_a_dead_letter_after_the_tries(
            self, launch, kafka, prefix):
        server = launch(*kafka.flags(prefix), "--event-tries", "2")
        server.engine.drop_table(server.data_dir, "suggestions_likes")
        video_id = random_id()
        server.client.rate(video_id, random_id(), 5)
        dead = record_about(kafka, DEAD_LETTERS, video_id)
        told = headers_of(dead)
        assert (told["dead-letter-tries"], told["type"]) == ("2", RATED)
        assert told["dead-letter-group"] == f"{prefix}-recommender"

    def test_the_process_that_delivers_consumes_and_another_one_takes_over(
            self, launch_process, kafka, prefix):
        servers = [launch_process(*kafka.flags(prefix)) for _ in range(2)]
        dying, = eventually(lambda: [server for server in servers
                                     if "consuming from Kafka" in server.log], 60, "a consumer")
        other, = [server for server in servers if server is not dying]
        fans = rated_videos(dying.client)
        dying.kill()
        eventually(lambda: "consuming from Kafka" in other.log, 90, "the other one consumes")
        wait_until_consumed(other, 90)
        eventually(lambda: all_related_are_right(other.client, fans), 60, "the right suggestions")


@pytest.mark.rocksdb
@pytest.mark.parametrize("flags, named", [
    (["--kafka-bootstrap-servers", "a,,b"], "kafka-bootstrap-servers"),
    (["--kafka-group-prefix", "a b"], "kafka-group-prefix"),
    (["--kafka-dead-letter-topic", ""], "kafka-dead-letter-topic"),
    (["--kafka-partitions", "0"], "kafka-partitions"),
    (["--kafka-sasl-mechanism", "guess"], "kafka-sasl-mechanism"),
    (["--kafka-bootstrap-servers", "k", "--kafka-tls-ca", __file__], "kafka-tls-ca"),
    (["--kafka-bootstrap-servers", "k", "--kafka-tls", "on", "--kafka-tls-ca", __file__],
     "kafka-tls-ca"),
    (["--kafka-bootstrap-servers", "k", "--kafka-tls", "on", "--kafka-tls-key", __file__],
     "kafka-tls-certificate"),
    (["--kafka-bootstrap-servers", "k", "--kafka-username", "u"], "kafka-username"),
    (["--kafka-bootstrap-servers", "k", "--kafka-sasl-mechanism", "plain"], "kafka-username"),
    (["--kafka-bootstrap-servers", "k", "--kafka-sasl-mechanism", "plain", "--kafka-username",
      "u"], "kafka-password-file"),
])
def test_what_cannot_work_is_refused_with_the_settings_name(directory, flags, named):
    done = run("check-config", *flags, code=BAD_USAGE, cwd=directory)
    assert clear_line(done.stderr).startswith((f"killrvideo: {named}:", f"killrvideo: --{named}:"))
