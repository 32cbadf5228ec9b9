"""Events over Kafka: what others read there, and what is taken from there."""

import pathlib
import re
import tempfile

import pytest

from support import cassandra, search, stubs
from support.engines import ENGINES
from support.fans import Fans, all_related_are_right, rate_at_random, related
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
            broker.wipe()


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


def members(servers, group):
    return [server for server in servers if f"consuming from Kafka group={group} " in server.log]


def handled(server, handler):
    """How many calls of a handler have succeeded."""
    found = re.search(rf'killrvideo_event_tries_seconds_count{{handler="{handler}"}} (\d+)',
                      server.get("/metrics")[1])
    return int(found[1]) if found else 0


def scores_of(server, fans):
    return {(row["videoid"], row["otherid"]): row["score"]
            for row in server.table("suggestions_scores") if row["videoid"] in fans.videos}


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


def test_the_topics_are_made_as_configured(launch, make_kafka):
    broker = make_kafka().start()
    server = launch(*broker.flags(), "--kafka-partitions", "3",
                    "--kafka-dead-letter-topic", "lost")
    eventually(lambda: server.log.count("made a topic in Kafka") == 8, 60, "eight topics")
    server.client.create_user(random_id(), "ada@example.org")
    wait_until_consumed(server)
    produced = {record.partition() for record in broker.records(USERS)}
    assert produced <= {0, 1, 2}
    assert broker.kcat("lost") == []


def test_a_record_that_cannot_be_read_is_a_dead_letter_and_nothing_waits_behind_it(
        server, kafka, prefix):
    video_id, user_id, unread = random_id(), random_id(), b"\xff" + random_id().encode()
    eventually(lambda: metrics(server, "consumer_lag"), 60, "consumers")
    kafka.produce(RATINGS, [
        (video_id, b"\xff\xff no message", [("mine", "1")]),
        (video_id, rating("no id", user_id), []),
        (video_id, b"", []),
        (None, unread, []),
        (video_id, rating(video_id, user_id), [])])
    fans = rated_videos(server.client)

    def dead():
        return [record for record in kafka.records(DEAD_LETTERS)
                if headers_of(record)["dead-letter-group"] == f"{prefix}-recommender"]

    def dead_of_this_test():
        return [record for record in dead()
                if record.key() == video_id.encode() or record.value() == unread]
    eventually(lambda: len(dead_of_this_test()) == 4, 60, "four dead letters")
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
    # What other tests have left on the broker is read by this server, too.
    assert metrics(server, "dead_letters_total")[f"{prefix}-recommender", RATINGS] == len(dead())
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
        server.engine.drop_table(server.data_dir, "videos_by_tag")
        video_id = random_id()
        server.client.submit(video_id, random_id(), tags=["lost"])
        dead = record_about(kafka, DEAD_LETTERS, video_id)
        told = headers_of(dead)
        assert (told["dead-letter-tries"], told["type"]) == ("2", ADDED)
        assert told["dead-letter-group"] == f"{prefix}-tags"

    def test_tags_are_kept_by_one_process_and_another_one_takes_over(
            self, launch_process, kafka, prefix):
        servers = [launch_process(*kafka.flags(prefix)) for _ in range(2)]
        dying, = eventually(lambda: members(servers, f"{prefix}-tags"), 60, "a consumer")
        other, = [server for server in servers if server is not dying]
        dying.kill()
        one, another = random_id(), random_id()
        for video_id in one, another:
            other.client.submit(video_id, random_id(), tags=["harbour"])
        eventually(lambda: members([other], f"{prefix}-tags"), 90, "the other one consumes")
        eventually(lambda: another in related(other.client, one), 90, "they are related")

    def test_processes_share_the_recommenders_work_and_one_dies_of_it(
            self, launch_process, kafka, prefix):
        servers = [launch_process(*kafka.flags(prefix), "--kafka-partitions", "6")
                   for _ in range(3)]
        for part in "recommender", "recommender-likes", "recommender-scores":
            eventually(lambda: len(members(servers, f"{prefix}-{part}")) == 3, 60, "all take part")
        client, dying = servers[0].client, servers[1]
        fans, users = Fans(client, 20), [random_id() for _ in range(30)]
        rate_at_random(client, fans, users, 150, seed=5)
        for part in "recommender", "recommender-likes", "recommender-scores":
            eventually(lambda: all(handled(server, part) for server in servers), 60, "all at work")
        rate_at_random(client, fans, users, 50, seed=6)
        dying.kill()
        rate_at_random(client, fans, users, 100, seed=7)
        dying.start()
        rate_at_random(client, fans, users, 50, seed=8)
        eventually(lambda: scores_of(servers[0], fans) == fans.all_scores(), 90, "exact scores")
        eventually(lambda: all_related_are_right(client, fans, page_size=30), 60,
                   "the right suggestions")

    def test_scores_go_on_where_they_are_when_kafka_is_switched_on_and_off(
            self, launch_process, kafka, prefix):
        fans, users = None, [random_id() for _ in range(8)]
        for seed, flags in enumerate([[], kafka.flags(prefix), []]):
            server = launch_process(*flags)
            fans = fans or Fans(server.client, 6)
            rate_at_random(server.client, fans, users, 40, seed)
            eventually(lambda: scores_of(server, fans) == fans.all_scores(), 90, "exact scores")
            assert "recommendations are rebuilt" not in server.log
            server.stop()

    def test_scores_are_rebuilt_while_processes_share_the_work(
            self, launch_process, kafka, prefix, directory):
        servers = [launch_process(*kafka.flags(prefix)) for _ in range(2)]
        client = servers[0].client
        fans, users = Fans(client, 5), [random_id() for _ in range(6)]
        rate_at_random(client, fans, users, 40, seed=1)
        asked = run("reindex", "--recommendations", "--data-dir", directory / "elsewhere",
                    *servers[0].store_flags)
        assert "by the process that delivers events" in asked.stdout
        rate_at_random(client, fans, users, 40, seed=2)
        eventually(lambda: any("recommendations are rebuilt" in server.log for server in servers),
                   90, "a rebuild")
        eventually(lambda: all_related_are_right(client, fans), 90, "the right suggestions")
        eventually(lambda: scores_of(servers[0], fans) == fans.all_scores(), 60, "exact scores")


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
