"""kill -9 under load: whatever was acknowledged is there after the restart, and no half of it."""

import collections
import random
import resource
import signal
import subprocess
import threading
import time

import grpc
import pytest

from conftest import UNTHROTTLED
from support import dataset
from support.client import Client
from support.expect import StatusCode
from support.ids import random_id, timeuuid
from support.outbox import KEEPING_EVENTS, facts
from support.program import BINARY, environment, run, table
from support.waiting import eventually, seconds
from support.writes import NOW, Writes

pytestmark = pytest.mark.concurrent


class Load(Writes):
    """Clients that write until the server is gone, and remember what it acknowledged."""

    def __init__(self):
        super().__init__()
        self.rated, self.unfinished_accounts = set(), {}
        self.plays_sent = collections.Counter()
        self.acknowledged = 0

    def run(self, server, count, writes):
        """`count` clients write at once; the server is killed after `writes` acknowledgements."""
        target = self.acknowledged + writes
        threads = [threading.Thread(target=self._client, args=[server.grpc_address, n])
                   for n in range(count)]
        for thread in threads:
            thread.start()
        eventually(lambda: self.acknowledged >= target, 60, f"{writes} acknowledged writes")
        server.kill()
        for thread in threads:
            thread.join()

    def _client(self, address, number):
        client, choice = Client(address), random.Random(number)
        steps = [self._comment] * 6 + [self._submit] * 3 + [self._rate] * 6 + [self._play] * 3
        # Hashing takes long: one client is enough for accounts.
        steps = [self._create] if number == 0 else steps
        try:
            while True:
                choice.choice(steps)(client, choice, number)
                with self._lock:
                    self.acknowledged += 1
        except grpc.RpcError as error:
            assert error.code() in (StatusCode.UNAVAILABLE, StatusCode.CANCELLED), error
        finally:
            client.close()

    def _create(self, client, *_):
        user_id = random_id()
        email = f"{user_id}@example.org"
        self.unfinished_accounts[user_id] = email
        client.create_user(user_id, email)
        self.accounts[user_id] = self.unfinished_accounts.pop(user_id)

    def _rate(self, client, choice, number):
        key, stars = self._rating(choice, number)
        self.stars[key].add(stars)
        client.rate(*key, stars)
        self.stars[key] = {stars}
        self.rated.add((*key, stars))

    def _play(self, client, choice, _):
        video_id = choice.choice(self.videos)
        with self._lock:
            self.plays_sent[video_id] += 1
        client.play(video_id)
        with self._lock:
            self.plays[video_id] += 1


def check_comments(server, load):
    by_video, by_user = (
        {(row["videoid"], row["userid"], row["commentid"], row["comment"])
         for row in server.table(name)} for name in ("comments_by_video", "comments_by_user"))
    assert by_video == by_user
    assert load.comments <= {row[:3] for row in by_video}


def check_videos(server, load):
    videos, latest, of_users = (
        {(row["videoid"], row["userid"], row["name"], row["added_date"])
         for row in server.table(name)} for name in ("videos", "latest_videos", "user_videos"))
    assert videos == latest == of_users
    assert load.submitted <= {row[0] for row in videos}


def check_ratings(server, load):
    totals = collections.defaultdict(lambda: (0, 0))
    for row in server.table("video_ratings_by_user"):
        key = row["videoid"], row["userid"]
        assert row["rating"] in load.stars[key]
        count, total = totals[row["videoid"]]
        totals[row["videoid"]] = count + 1, total + row["rating"]
    stored = {(row["videoid"], row["userid"]) for row in server.table("video_ratings_by_user")}
    assert {key[:2] for key in load.rated} <= stored
    for video_id in load.videos:
        assert server.client.rating(video_id) == totals[video_id]


def check_plays(server, load):
    for video_id, views in server.client.plays(*load.videos).items():
        assert load.plays[video_id] <= views <= load.plays_sent[video_id]
        # What was sent but not acknowledged is known from here on.
        load.plays[video_id] = load.plays_sent[video_id] = views


def check_accounts(server, load):
    for user_id, email in load.unfinished_accounts.items():
        try:
            server.client.create_user(user_id, email)
        except grpc.RpcError as error:
            assert error.code() == StatusCode.ALREADY_EXISTS
        load.accounts[user_id] = email
    load.unfinished_accounts.clear()
    users = {row["userid"]: row["email"] for row in server.table("users")}
    credentials = {row["userid"]: row["email"] for row in server.table("user_credentials")}
    assert users == credentials == load.accounts
    for user_id, email in list(load.accounts.items())[-3:]:
        assert server.client.verify(email) == user_id


def check_events(server, load):
    waiting = facts(server)
    assert load.comments <= waiting["UserCommentedOnVideo"]
    assert load.submitted <= waiting["YouTubeVideoAdded"]
    assert load.rated <= waiting["UserRatedVideo"]
    assert set(load.accounts) <= waiting["UserCreated"]
    # No event without its row either.
    assert waiting["UserCommentedOnVideo"] == {
        (row["videoid"], row["userid"], row["commentid"])
        for row in server.table("comments_by_video")}
    assert waiting["YouTubeVideoAdded"] == {row["videoid"] for row in server.table("videos")}
    assert waiting["UserCreated"] == {row["userid"] for row in server.table("users")}


@pytest.mark.timeout(180)
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(launch):
    server, load = launch(*UNTHROTTLED, *KEEPING_EVENTS), Load()
    for round_number in range(4):
        load.run(server, count=8, writes=400)
        server.start()
        check_accounts(server, load)
        check_comments(server, load)
        check_videos(server, load)
        check_ratings(server, load)
        check_plays(server, load)
        check_events(server, load)
    assert load.comments and load.submitted and load.rated and load.accounts and load.plays


def test_a_first_start_that_is_cut_off_anywhere_can_be_repeated(launch):
    delays = random.Random(5)
    server = launch(start=False)
    for _ in range(8):
        server.launch()
        time.sleep(delays.uniform(0, seconds(0.15)))
        server.kill()
    server.start()
    video_id = random_id()
    server.client.submit(video_id, random_id())
    server.kill()
    server.start()
    assert server.client.video(video_id).name == "A video"


def test_a_start_that_is_cut_off_loses_nothing(launch):
    """Recovery from the log writes files; a crash in it must not matter."""
    server = launch()
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NOW + n) for n in range(300)]
    for comment_id in ids:
        server.client.comment(video_id, user_id, comment_id, "x" * 1000)
    delays = random.Random(6)
    for _ in range(6):
        server.kill() if server.running else None
        server.launch()
        time.sleep(delays.uniform(0, seconds(0.1)))
    server.kill()
    server.start()
    listed = [row.comment_id.value for row in server.client.video_comments(video_id, 1000).comments]
    assert listed == ids[::-1]


def test_an_import_that_is_cut_off_can_be_repeated(directory):
    video_ids, user_id = [random_id() for _ in range(300)], random_id()
    videos = [dataset.video(video_id, user_id, NOW - n * 10_000_000)
              for n, video_id in enumerate(video_ids)]
    source = dataset.write(
        directory / "csv", videos=videos, latest_videos=map(dataset.latest, videos),
        comments=[{"videoid": video_ids[n % 300], "commentid": timeuuid(NOW + n), "userid": user_id,
                   "comment": f"Comment {n}", "sentiment_score": "0.5"} for n in range(20_000)],
        video_playback_stats=[{"videoid": video_id, "views": "7"} for video_id in video_ids])
    run("import", source, "--data-dir", directory / "whole")
    for most_bytes in (10_000, 300_000, 2_000_000):
        def end_at_size():
            """Whoever writes a file beyond this is killed, wherever that is."""
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        cut = subprocess.run([BINARY, "import", source, "--data-dir", directory / "cut"],
                             env=environment(), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, preexec_fn=end_at_size)
        assert cut.returncode == -signal.SIGXFSZ
    run("import", source, "--data-dir", directory / "cut")
    for name in ("videos", "latest_videos", "user_videos", "comments_by_video", "comments_by_user",
                 "video_playback_stats"):
        assert table(directory / "cut", name) == table(directory / "whole", name)
