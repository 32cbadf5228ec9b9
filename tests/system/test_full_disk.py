"""A full disk: errors that say so, no crash, and nothing lost that was acknowledged."""

import os
import subprocess

import grpc
import pytest

from support.expect import StatusCode
from support.ids import noise, random_id, timeuuid
from support.paging import comment_ids, comments_of_video, walk
from support.program import BAD_DATA_DIR
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

NOW = 1_700_000_000_000


class Disk:
    """A small file system in memory."""

    def __init__(self, path, megabytes):
        path.mkdir()
        self.path = path
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", path],
            capture_output=True, text=True)
        if mounted.returncode != 0:
            assert not os.environ.get("CI"), f"CI must be able to mount a tmpfs: {mounted.stderr}"
            pytest.skip(f"mounting a tmpfs is not allowed here: {mounted.stderr}")

    def resize(self, megabytes):
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.path], check=True)

    def fill(self, name):
        with open(self.path / name, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\xa5" * 4096)
            except OSError:
                pass

    def remove(self):
        subprocess.run(["umount", self.path], check=True)


@pytest.fixture
def disk(directory):
    small = Disk(directory / "data", 40)
    yield small
    small.remove()


def write_until_full(client, video_id, acknowledged):
    """Writes comments of 20 kB until ten in a row have failed; returns the failures."""
    failures, in_a_row = [], 0
    for number in range(20_000):
        comment_id = timeuuid(NOW + number)
        try:
            client.comment(video_id, random_id(), comment_id, noise(5_000))
            acknowledged.append(comment_id)
            in_a_row = 0
        except grpc.RpcError as error:
            failures.append(error)
            in_a_row += 1
            if in_a_row == 10:
                return failures
    raise AssertionError("the disk was never full")


@pytest.mark.timeout(120)
def test_when_the_disk_is_full_writes_fail_clearly_and_reads_go_on(disk, launch):
    server = launch("--max-message-bytes", 10_000_000)
    client = server.client
    video_id, acknowledged = random_id(), []
    failures = write_until_full(client, video_id, acknowledged)
    assert len(acknowledged) > 100
    for error in failures:
        assert error.code() in (StatusCode.RESOURCE_EXHAUSTED, StatusCode.UNAVAILABLE)
        assert error.details()
    newest_first = acknowledged[::-1]
    assert comment_ids(walk(comments_of_video(client, video_id), [50])) == newest_first
    assert server.running
    server.stop()

    disk.resize(200)
    server.start()
    client = server.client
    assert comment_ids(walk(comments_of_video(client, video_id), [50])) == newest_first
    by_video = {row["commentid"] for row in server.table("comments_by_video")}
    by_user = {row["commentid"] for row in server.table("comments_by_user")}
    assert by_video == by_user == set(acknowledged)
    client.comment(video_id, random_id(), timeuuid(NOW - 1))


@pytest.mark.timeout(120)
def test_after_a_crash_on_a_full_disk_nothing_acknowledged_is_lost(disk, launch):
    server = launch("--max-message-bytes", 10_000_000)
    video_id, acknowledged = random_id(), []
    write_until_full(server.client, video_id, acknowledged)
    server.kill()
    disk.resize(200)
    server.start()
    stored = comment_ids(walk(comments_of_video(server.client, video_id), [50]))
    assert set(acknowledged) <= set(stored)
    assert {row["commentid"] for row in server.table("comments_by_user")} == set(stored)


@pytest.mark.timeout(120)
def test_writes_succeed_again_by_themselves_once_there_is_room(disk, launch):
    server = launch("--max-message-bytes", 10_000_000)
    video_id, acknowledged = random_id(), []
    write_until_full(server.client, video_id, acknowledged)
    disk.resize(200)
    comment_id = timeuuid(NOW + 100_000)

    def written():
        try:
            server.client.comment(video_id, random_id(), comment_id)
            return True
        except grpc.RpcError as error:
            assert error.code() in (StatusCode.RESOURCE_EXHAUSTED, StatusCode.UNAVAILABLE)

    eventually(written, 30, "a write")
    stored = comment_ids(walk(comments_of_video(server.client, video_id), [50]))
    assert stored == [comment_id, *acknowledged[::-1]]


def test_a_start_on_a_full_disk_gives_up(disk, launch):
    disk.fill("filler")
    line = launch(start=False).fails(BAD_DATA_DIR)
    assert str(disk.path) in line
    assert "space" in line or "full" in line
