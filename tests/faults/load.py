"""Clients that read and write while a cluster is in trouble, and what is true afterwards."""

import collections
import contextlib
import random
import threading
import time

import grpc

from support import search
from support.expect import StatusCode
from support.ids import random_id
from support.outbox import events, facts
from support.program import OK, run
from support.waiting import eventually
from support.writes import Writes

# What is not safe to repeat: it may fail, with its outcome unknown, if a node dies meanwhile.
CONDITIONAL = {"create", "submit", "rate", "play"}
# Of a client after an operation, in seconds: what starts on the same machine needs its processor.
PAUSE = 0.05


class Failure:
    def __init__(self, operation, error, at):
        self.operation, self.at = operation, at
        self.code, self.details = error.code(), error.details()

    def __repr__(self):
        return f"{self.operation} after {self.at:.1f} s: {self.code.name} {self.details}"


class Load(Writes):
    """Clients at work inside of a `with`, on any number of servers."""

    def __init__(self, servers, clients=6, seed=1):
        super().__init__()
        self.plays_unknown, self.rates_unknown = collections.Counter(), collections.Counter()
        self.failures, self.done = [], collections.Counter()
        self.latencies = {"while all was well": [], "in trouble": []}
        self._now = "while all was well"
        self._to_create, self._is_repeated = None, False  # One client creates accounts.
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._threads = [
            threading.Thread(target=self._client, daemon=True,
                             args=[servers[n % len(servers)], n, random.Random(seed * 1000 + n)])
            for n in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @contextlib.contextmanager
    def trouble(self):
        """What the report tells apart."""
        self._now = "in trouble"
        yield
        self._now = "while all was well"

    def go_on(self, operations):
        """Waits until this many more operations have succeeded."""
        target = sum(self.done.values()) + operations
        eventually(lambda: sum(self.done.values()) >= target, 120, f"{operations} more operations")

    def succeeds_again(self):
        """Waits until every kind of operation works."""
        before = dict(self.done)
        eventually(lambda: all(self.done[kind] > before.get(kind, 0) for kind in self._kinds), 120,
                   "success of everything")

    _kinds = ("comment", "submit", "rate", "play", "create", "read_comments", "read_video")

    def _client(self, server, number, choice):
        # Hashing takes long: one client is enough for accounts.
        kinds = ["create"] if number == 0 else [kind for kind in self._kinds if kind != "create"]
        client = server.connect()
        while not self._stop.is_set():
            kind = choice.choice(kinds)
            began, when = time.monotonic(), self._now
            try:
                getattr(self, "_" + kind)(client, choice, number)
                with self._lock:
                    self.done[kind] += 1
                    self.latencies[when].append(time.monotonic() - began)
            except grpc.RpcError as error:
                with self._lock:
                    self.failures.append(Failure(kind, error, time.monotonic() - self._began))
            self._stop.wait(PAUSE)
        client.close()

    def _create(self, client, *_):
        """What was refused for now is asked for again: it is finished then, or had been."""
        if not self._to_create:
            user_id = random_id()
            self._to_create = (user_id, f"{user_id}@example.org")
            self._is_repeated = False
        user_id, email = self._to_create
        try:
            client.create_user(user_id, email)
        except grpc.RpcError as error:
            if not (self._is_repeated and error.code() == StatusCode.ALREADY_EXISTS):
                self._is_repeated = True
                raise
        self.accounts[user_id] = email
        self._to_create = None

    def _rate(self, client, choice, number):
        key, stars = self._rating(choice, number)
        before = self.stars[key]
        self.stars[key] = before | {stars} if before else {stars, None}
        try:
            client.rate(*key, stars)
        except grpc.RpcError:
            with self._lock:
                self.rates_unknown[key[0]] += 1
            raise
        self.stars[key] = {stars}

    def _play(self, client, choice, _):
        video_id = choice.choice(self.videos)
        try:
            client.play(video_id)
        except grpc.RpcError:
            with self._lock:
                self.plays_unknown[video_id] += 1
            raise
        with self._lock:
            self.plays[video_id] += 1

    def _read_comments(self, client, choice, _):
        acknowledged = set(self.comments)
        video_id = choice.choice(self.videos)
        mine = {comment[2] for comment in acknowledged if comment[0] == video_id}
        listed = {row.comment_id.value
                  for row in client.video_comments(video_id, 1000).comments}
        assert len(mine) > 900 or mine <= listed, "an acknowledged comment is not seen"

    def _read_video(self, client, choice, _):
        if self.submitted:
            video_id = choice.choice(tuple(self.submitted))
            assert client.video(video_id).video_id.value == video_id

    # What has to be true when all is well again.

    def check(self, server, *others, delivered=False):
        """`delivered`: whether events are taken out of the outbox, or stay there; by whichever of
        the servers."""
        eventually(lambda: self._comments_are_whole(server), 90, "comments in both tables")
        eventually(lambda: self._videos_are_whole(server), 90, "videos in all tables")
        self._check_accounts(server)
        self._check_plays(server)
        self._check_ratings(server)
        if delivered:
            self._check_deliveries(server, *others)
        else:
            self._check_events(server)

    def _comments_are_whole(self, server):
        by_video, by_user = (
            {(row["videoid"], row["userid"], row["commentid"], row["comment"])
             for row in server.table(name)} for name in ("comments_by_video", "comments_by_user"))
        missing = self.comments - {row[:3] for row in by_video}
        assert not missing, f"{len(missing)} acknowledged comments are missing: {missing}"
        # The rest of a batch that a dead node has begun is written by another, from its log.
        return by_video == by_user

    def _videos_are_whole(self, server):
        videos, latest, of_users = (
            {(row["videoid"], row["userid"], row["name"], row["added_date"])
             for row in server.table(name)} for name in ("videos", "latest_videos", "user_videos"))
        missing = self.submitted - {row[0] for row in videos}
        assert not missing, f"{len(missing)} acknowledged videos are missing: {missing}"
        return videos == latest == of_users

    def _check_accounts(self, server):
        users = {row["userid"]: row["email"] for row in server.table("users")}
        assert self.accounts.items() <= users.items()
        for user_id, email in list(self.accounts.items())[-3:]:
            assert server.client.verify(email) == user_id
        # One that was in doubt at the end is there, or can be created.
        if self._to_create:
            user_id, email = self._to_create
            eventually(lambda: self._is_created(server, user_id, email), 60, "the last account")
            assert server.client.verify(email) == user_id

    @staticmethod
    def _is_created(server, user_id, email):
        """A claim of the one that was cut off lives for half a minute."""
        try:
            server.client.create_user(user_id, email)
        except grpc.RpcError as error:
            assert error.code() in (StatusCode.ALREADY_EXISTS, StatusCode.UNAVAILABLE), error
            return error.code() == StatusCode.ALREADY_EXISTS
        return True

    def _check_plays(self, server):
        for video_id, views in server.client.plays(*self.videos).items():
            acknowledged, unknown = self.plays[video_id], self.plays_unknown[video_id]
            assert acknowledged <= views <= acknowledged + unknown, (
                f"{views} views; {acknowledged} acknowledged, {unknown} unknown")

    def _check_ratings(self, server):
        stored = {(row["videoid"], row["userid"]): row["rating"]
                  for row in server.table("video_ratings_by_user")}
        for key, possible in self.stars.items():
            assert stored.get(key) in possible
        # An increment that was reported as unknown is missing, or has come twice.
        for video_id in self.videos:
            number, total = server.client.rating(video_id)
            stars = self._stars(stored, video_id)
            unknown = self.rates_unknown[video_id]
            assert abs(number - len(stars)) <= unknown
            assert abs(total - sum(stars)) <= 5 * unknown
        # It passes over videos that are being rated: what was begun before is cut off by now.
        eventually(lambda: self._reconciled(server), 60, "exact totals of ratings")
        for video_id in self.videos:
            stars = self._stars(stored, video_id)
            assert server.client.rating(video_id) == (len(stars), sum(stars))

    @staticmethod
    def _stars(stored, video_id):
        return [rating for key, rating in stored.items() if key[0] == video_id]

    def _reconciled(self, server):
        done = run("reconcile", "--given-up-after", 5, "--data-dir", server.data_dir,
                   *server.store_flags, code=None)
        assert done.returncode == OK or "run it again" in done.stderr, done.stderr
        return done.returncode == OK

    def _check_events(self, server):
        waiting = facts(server)
        assert self.comments <= waiting["UserCommentedOnVideo"]
        assert self.submitted <= waiting["YouTubeVideoAdded"]
        assert set(self.accounts) <= waiting["UserCreated"]

    def _check_deliveries(self, server, *others):
        with contextlib.suppress(AssertionError):
            eventually(lambda: not events(server), 90)
        left = server.table("outbox_events")
        assert not left, f"{len(left)} events are not delivered: {left[:3]}"
        assert not server.table("outbox_dead_letters")
        # What the event of a video does, where it was delivered: whoever has the lease does it. It
        # may be on its way through Kafka.
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.submitted <= self._found(server, *others), 60)
        missing = self.submitted - self._found(server, *others)
        assert not missing, f"{len(missing)} of {len(self.submitted)} are not found: {missing}"

    @staticmethod
    def _found(*servers):
        return {video_id for server in servers
                for video_id in search.ids(server.client, "video", [1000])}

    # What may have failed meanwhile.

    def check_failures(self):
        """Nothing failed but what is not safe to repeat, and that in the way that says so."""
        wrong = [failure for failure in self.failures
                 if failure.operation not in CONDITIONAL or failure.code != StatusCode.UNAVAILABLE]
        assert not wrong, f"{len(wrong)} failures that should not be: {wrong[:10]}"

    def report(self):
        """What it was like, in a line for each time."""
        failed = collections.Counter(failure.operation for failure in self.failures)
        lines = [self._report(when) for when in self.latencies if self.latencies[when]]
        return "\n  ".join([f"{len(self.failures)} failed {dict(failed) or ''}", *lines])

    def _report(self, when):
        ordered = sorted(self.latencies[when])
        p99 = ordered[int(len(ordered) * 0.99)] * 1000
        return (f"{when}: {len(ordered)} operations, p99 {p99:.0f} ms, "
                f"slowest {ordered[-1] * 1000:.0f} ms")
