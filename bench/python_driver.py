#!/usr/bin/python3
"""Python's driver for Cassandra running the statements that killrvideo runs for a request.

Prints one line of JSON like bench_driver's. Called by on_cassandra.py.
"""

import argparse
import datetime
import json
import random
import resource
import time
import uuid
from threading import Event, Lock

from cassandra import ConsistencyLevel
from cassandra.cluster import Cluster, ExecutionProfile, EXEC_PROFILE_DEFAULT
from cassandra.policies import DCAwareRoundRobinPolicy, TokenAwarePolicy
from cassandra.query import BatchStatement, tuple_factory

TEXT = "The second half is even better, and what a view over the harbour."
PAGE = 20
SHARDS = 8  # of the outbox, and of what is announced

STATEMENTS = {
    "video": "SELECT videoid, userid, name, description, location, location_type, "
             "preview_image_location, tags, added_date, content_rating, category, language, "
             "content_features FROM videos WHERE videoid = ?",
    "comments": "SELECT videoid, commentid, userid, comment, sentiment_score "
                "FROM comments_by_video WHERE videoid = ? LIMIT ?",
    "play": "UPDATE video_playback_stats SET views = views + ? WHERE videoid = ?",
    "comment of video": "SELECT videoid, commentid, userid, comment, sentiment_score "
                        "FROM comments_by_video WHERE videoid = ? AND commentid = ?",
    "comment of user": "SELECT userid, commentid, videoid, comment, sentiment_score "
                       "FROM comments_by_user WHERE userid = ? AND commentid = ?",
    "add to video": "INSERT INTO comments_by_video (videoid, commentid, userid, comment, "
                    "sentiment_score) VALUES (?, ?, ?, ?, ?)",
    "add to user": "INSERT INTO comments_by_user (userid, commentid, videoid, comment, "
                   "sentiment_score) VALUES (?, ?, ?, ?, ?)",
    "event": "INSERT INTO outbox_events (shard, minute, eventid, key, type, payload, trace) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)",
    "announce": "INSERT INTO ratings_pending (shard, minute, changeid, videoid, userid, rating, "
                "rating_date) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "old rating": "SELECT videoid, userid, rating, rating_date FROM video_ratings_by_user "
                  "WHERE videoid = ? AND userid = ?",
    "new rating": "INSERT INTO video_ratings_by_user (videoid, userid, rating, rating_date) "
                  "VALUES (?, ?, ?, ?) IF NOT EXISTS",
    "other rating": "UPDATE video_ratings_by_user SET rating = ?, rating_date = ? "
                    "WHERE videoid = ? AND userid = ? IF rating = ?",
    "total": "UPDATE video_ratings SET rating_counter = rating_counter + ?, "
             "rating_total = rating_total + ? WHERE videoid = ?",
    "announced": "DELETE FROM ratings_pending WHERE shard = ? AND minute = ? AND changeid = ?",
    "credentials": "SELECT email, password, userid, account_locked FROM user_credentials "
                   "WHERE email = ?",
    "claim": "INSERT INTO claims (name, content, attempt, made) VALUES (?, ?, ?, ?) "
             "IF NOT EXISTS USING TTL 30",
    "user": "SELECT userid, firstname, lastname, email, created_date, account_status, "
            "last_login_date FROM users WHERE userid = ?",
    "take e-mail": "INSERT INTO user_credentials (email, password, userid, account_locked) "
                   "VALUES (?, ?, ?, ?) IF NOT EXISTS",
    "add user": "INSERT INTO users (userid, firstname, lastname, email, created_date, "
                "account_status, last_login_date) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "release": "DELETE FROM claims WHERE name = ?",
}


class Requests:
    """The statements of requests. A request is a generator of steps, each of them statements that
    are run at once; it is sent the rows of each."""

    def __init__(self, session, ids):
        self.ids = ids
        self.statements = {name: session.prepare(text) for name, text in STATEMENTS.items()}

    def any(self, kind):
        return uuid.UUID(random.choice(self.ids[kind]))

    def one(self, name, *values):
        return self.statements[name], values

    @staticmethod
    def partition_now(key):
        """Of a table whose partitions are a shard and a minute."""
        return key.int % SHARDS, int(time.time() // 60)

    def event(self, key):
        return self.one("event", *self.partition_now(key), uuid.uuid1(), key, "type", b"x" * 120,
                        "x" * 55)

    @staticmethod
    def batch(*requests):
        batch = BatchStatement(consistency_level=ConsistencyLevel.LOCAL_QUORUM)
        for request in requests:
            batch.add(*request)
        return (batch,)

    def get_video(self):
        yield [self.one("video", self.any("videos"))]

    def video_comments(self):
        yield [self.one("comments", self.any("commented_videos"), PAGE + 1)]

    def record_playback(self):
        yield [self.one("play", 1, self.any("videos"))]

    def comment_on_video(self):
        video, user, comment = self.any("videos"), self.any("users"), uuid.uuid1()
        yield [self.one("comment of video", video, comment),
               self.one("comment of user", user, comment)]
        yield [self.batch(self.one("add to video", video, comment, user, TEXT, None),
                          self.one("add to user", user, comment, video, TEXT, None),
                          self.event(video))]

    def rate_video(self):
        video, user = self.any("videos"), self.any("users")
        pending = self.partition_now(video) + (uuid.uuid1(),)
        now = datetime.datetime.now(datetime.timezone.utc)
        yield [self.one("announce", *pending, video, user, 4, now)]
        (rows,) = yield [self.one("old rating", video, user)]
        old = rows[0][2] if rows else None
        if rows:
            yield [self.one("other rating", 4, now, video, user, old)]
        else:
            yield [self.one("new rating", video, user, 4, now)]
        yield [self.one("total", 0 if rows else 1, 4 - (old or 0), video)]
        yield [self.batch(self.event(video), self.one("announced", *pending))]

    def create_user(self):
        user = uuid.uuid4()
        name, email = f"user {user}", f"{user}@example.com"
        now = datetime.datetime.now(datetime.timezone.utc)
        yield [self.one("credentials", email)]
        yield [self.one("claim", name, email.encode(), uuid.uuid4(), now)]
        yield [self.one("user", user)]
        yield [self.one("take e-mail", email, "x" * 97, user, None)]
        yield [self.batch(self.one("add user", user, "Ada", "Lovelace", email, now, None, None),
                          self.event(user))]
        yield [self.one("release", name)]


class Load:
    """Requests of `clients` that each ask again as soon as they have their answer."""

    def __init__(self, session, begin):
        self.session, self.begin = session, begin
        self.latency, self.measuring = [], False
        self.ending, self.lock, self.running = False, Lock(), 0
        self.ended, self.failure = Event(), None

    def start(self, clients):
        self.running = clients
        for _ in range(clients):
            self.ask()

    def ask(self):
        self.step(self.begin(), time.perf_counter())

    def step(self, steps, asked, rows=None):
        try:
            requests = steps.send(rows)
        except StopIteration:
            self.one_done(asked)
            return
        answers, lock = [None] * len(requests), Lock()
        missing = set(range(len(requests)))

        def take(found, at):
            answers[at] = found or ()
            with lock:
                missing.remove(at)
                complete = not missing
            if complete:
                self.step(steps, asked, answers)
        for at, request in enumerate(requests):
            self.session.execute_async(*request).add_callbacks(
                take, self.failed, callback_args=(at,))

    def one_done(self, asked):
        if self.measuring:
            self.latency.append(time.perf_counter() - asked)
        if self.ending:
            self.one_ended()
        else:
            self.ask()

    def failed(self, error):
        self.failure = error
        self.one_ended()

    def one_ended(self):
        with self.lock:
            self.running -= 1
            if self.running == 0:
                self.ended.set()


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser()
    for name in ("contact-point", "keyspace", "scenario", "ids"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--measured", type=float, default=5)
    options = parser.parse_args()
    host, port = options.contact_point.rsplit(":", 1)
    profile = ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy(local_dc="dc1")),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL, row_factory=tuple_factory)
    cluster = Cluster([host], int(port), protocol_version=4,
                      execution_profiles={EXEC_PROFILE_DEFAULT: profile})
    session = cluster.connect(options.keyspace)
    requests = Requests(session, json.load(open(options.ids)))
    load = Load(session, getattr(requests, options.scenario.replace("-", "_")))
    load.start(options.clients)
    time.sleep(options.warm_up)
    cpu, began, load.measuring = cpu_seconds(), time.perf_counter(), True
    time.sleep(options.measured)
    load.measuring = False
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    load.ending = True
    load.ended.wait(60)
    cluster.shutdown()
    if load.failure:
        raise SystemExit(f"python_driver: {load.failure}")
    latency = sorted(load.latency)
    print(json.dumps({
        "requests_per_second": len(latency) / seconds,
        "cpu_us": cpu / len(latency) * 1e6,
        "p50_us": latency[len(latency) // 2] * 1e6,
        "p99_us": latency[len(latency) * 99 // 100] * 1e6,
    }))


if __name__ == "__main__":
    main()
