"""Backup of a running server, and restoring it."""

import itertools
import threading

import pytest

from support.ids import noise, random_id, timeuuid
from support.outbox import KEEPING_EVENTS
from support.program import BAD_DATA_DIR, clear_line, run, table
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

NOW = 1_700_000_000_000


def rows(data_dir, *names):
    return [table(data_dir, name) for name in names]


def test_a_backup_under_load_is_a_state_that_was(launch, directory):
    """All that was acknowledged before it, of later writes any first part, and no half of one."""
    server = launch(*KEEPING_EVENTS)
    client, acknowledged, stop = server.client, [[] for _ in range(4)], threading.Event()
    video_id = random_id()

    def write(thread):
        user_id = random_id()
        for number in itertools.count():
            if stop.is_set():
                return
            comment_id = timeuuid(NOW + number, node=thread + 1)
            client.comment(video_id, user_id, comment_id)
            acknowledged[thread].append(comment_id)

    threads = [threading.Thread(target=write, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: sum(map(len, acknowledged)) > 200, 30, "load")
        before = [list(ids) for ids in acknowledged]
        run("backup", directory / "copy", "--data-dir", server.data_dir)
        count = sum(map(len, acknowledged))
        eventually(lambda: sum(map(len, acknowledged)) > count + 50, 30, "more load")
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    run("restore", directory / "copy", "--data-dir", directory / "restored")
    by_video, by_user, outbox = rows(directory / "restored", "comments_by_video",
                                     "comments_by_user", "outbox_events")
    stored = {row["commentid"] for row in by_video}
    assert stored == {row["commentid"] for row in by_user}
    assert len(outbox) == len(by_video)
    for first, ids in zip(before, acknowledged):
        assert set(first) <= stored
        # What one client wrote one after another is there up to some point.
        there = [comment_id in stored for comment_id in ids]
        assert there == sorted(there, reverse=True)
    assert len(stored) < sum(map(len, acknowledged))

    restored = launch(data_dir=directory / "restored").client
    listed = restored.video_comments(video_id, 1000).comments
    assert {row.comment_id.value for row in listed} <= stored
    restored.comment(video_id, random_id(), timeuuid(NOW - 1))


def test_a_backup_without_a_running_server(launch, directory):
    server = launch()
    video_id = random_id()
    server.client.submit(video_id, random_id())
    server.client.play(video_id)
    server.stop()
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    run("restore", directory / "copy", "--data-dir", directory / "restored")
    client = launch(data_dir=directory / "restored").client
    assert client.video(video_id).name == "A video"
    assert client.plays(video_id) == {video_id: 1}


def test_a_relative_target_is_below_the_callers_directory_not_the_servers(launch, directory):
    server = launch()
    (directory / "here").mkdir()
    run("backup", "copy", "--data-dir", server.data_dir, cwd=directory / "here")
    assert (directory / "here" / "copy").is_dir()


@pytest.mark.parametrize("target", [
    "copy", "copy/", "copy//", "./copy", "copy/.", "./copy/./", "other/../copy/", "link/../copy",
    "link/../copy/"])
@pytest.mark.parametrize("running", [True, False])
def test_a_target_may_be_written_in_any_way(launch, directory, target, running):
    server = launch()
    (directory / "here" / "other").mkdir(parents=True)
    (directory / "here" / "link").symlink_to("other")
    if not running:
        server.stop()
    done = run("backup", target, "--data-dir", f"{server.data_dir}/", cwd=directory / "here")
    assert str(directory / "here" / "copy") + "\n" in done.stdout
    assert {path.name for path in (directory / "here").iterdir()} == {"copy", "link", "other"}
    run("restore", "copy/", "--data-dir", f"{directory}/restored/.", cwd=directory / "here")
    assert table(directory / "restored", "users") == []


@pytest.mark.parametrize("target", [".", "..", "/", "other", "other/", "other/.", "new/../other"])
def test_a_target_that_is_there_is_refused_in_any_spelling(launch, directory, target):
    server = launch()
    (directory / "here" / "other").mkdir(parents=True)
    done = run("backup", target, "--data-dir", server.data_dir, cwd=directory / "here", code=1)
    assert "exists already" in clear_line(done.stderr)


def test_a_backup_lasts_when_the_server_goes_on(launch, directory):
    server = launch()
    video_id = random_id()
    server.client.play(video_id)
    run("backup", directory / "first", "--data-dir", server.data_dir)
    server.client.play(video_id)
    run("backup", directory / "second", "--data-dir", server.data_dir)
    for _ in range(3):
        server.client.play(video_id)
    server.restart()
    for name, views in (("first", 1), ("second", 2)):
        run("restore", directory / name, "--data-dir", directory / f"restored-{name}")
        assert table(directory / f"restored-{name}", "video_playback_stats")[0]["views"] == views
    # A backup can be restored any number of times.
    run("restore", directory / "first", "--data-dir", directory / "once-more")
    assert table(directory / "once-more", "video_playback_stats")[0]["views"] == 1


@pytest.mark.parametrize("kind", ["file", "full directory", "the data directory"])
@pytest.mark.parametrize("running", [True, False])
def test_a_target_that_is_in_use_is_refused_and_left_alone(launch, directory, kind, running):
    server = launch()
    video_id = random_id()
    server.client.play(video_id)
    target = directory / "target"
    if kind == "file":
        target.write_text("mine\n")
    elif kind == "full directory":
        target.mkdir()
        (target / "thesis.txt").write_text("mine\n")
    else:
        target = server.data_dir
    if not running:
        server.stop()
    done = run("backup", target, "--data-dir", server.data_dir, code=1)
    assert str(target) in clear_line(done.stderr)
    if kind == "file":
        assert target.read_text() == "mine\n"
    elif kind == "full directory":
        assert [path.name for path in target.iterdir()] == ["thesis.txt"]
    if not running:
        server.start()
    assert server.client.plays(video_id) == {video_id: 1}


def test_restoring_over_data_is_refused(launch, directory):
    server = launch()
    video_id = random_id()
    server.client.play(video_id)
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    done = run("restore", directory / "copy", "--data-dir", server.data_dir, code=BAD_DATA_DIR)
    assert str(server.data_dir) in clear_line(done.stderr)
    server.restart()
    assert server.client.plays(video_id) == {video_id: 1}
    server.stop()
    run("restore", directory / "copy", "--data-dir", server.data_dir, code=BAD_DATA_DIR)
    server.start()
    assert server.client.plays(video_id) == {video_id: 1}


def test_restoring_into_an_empty_directory_works(launch, directory):
    server = launch()
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    (directory / "empty").mkdir()
    run("restore", directory / "copy", "--data-dir", directory / "empty")
    assert launch(data_dir=directory / "empty").client.plays(random_id())


@pytest.mark.parametrize("what", ["missing", "file", "other"])
def test_restoring_what_is_no_backup_is_refused(directory, what):
    (directory / "file").write_text("x")
    (directory / "other").mkdir()
    (directory / "other" / "thesis.txt").write_text("mine\n")
    done = run("restore", directory / what, "--data-dir", directory / "data",
               code=BAD_DATA_DIR)
    assert str(directory / what) in clear_line(done.stderr)
    assert not (directory / "data").exists() or not list((directory / "data").iterdir())


@pytest.mark.parametrize("damage", ["truncated", "a bit flipped"])
def test_a_damaged_backup_is_not_restored_as_if_it_were_whole(launch, directory, damage):
    server = launch()
    for number in range(50):
        server.client.comment(random_id(), random_id(), timeuuid(NOW + number), noise(500))
    server.restart()
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    largest = max((directory / "copy").rglob("*.sst"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    if damage == "truncated":
        del content[len(content) // 2:]
    else:
        content[len(content) // 3] ^= 1
    largest.write_bytes(content)
    done = run("restore", directory / "copy", "--data-dir", directory / "restored",
               code=BAD_DATA_DIR)
    assert "copy" in clear_line(done.stderr)


def newest(directory, pattern):
    """None if there is no such file."""
    return max(directory.glob(pattern), key=lambda path: path.name, default=None)


@pytest.fixture
def backed_up(launch, directory):
    """The directory of a backup that has rows in its files and in its log."""
    server = launch()
    stop = threading.Event()

    def write():
        while not stop.is_set():
            server.client.comment(random_id(), random_id(), timeuuid(NOW), noise(500))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in itertools.count():
            copy = directory / f"copy-{number}"
            run("backup", copy, "--data-dir", server.data_dir)
            log = newest(copy, "*.log")  # none, if all was in table files just then
            if log and log.stat().st_size > 0:
                return copy
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("pattern", ["MANIFEST-*", "*.log"])
@pytest.mark.parametrize("part", [0, 0.5, 0.95, None])
def test_a_backup_that_has_lost_a_part_is_not_restored(directory, backed_up, pattern, part):
    path = newest(backed_up, pattern)
    if part is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:int(path.stat().st_size * part)])
    done = run("restore", backed_up, "--data-dir", directory / "restored", code=BAD_DATA_DIR)
    assert str(backed_up) in clear_line(done.stderr)
    assert not (directory / "restored" / "store").exists()


def test_a_backup_that_has_lost_its_list_of_files_is_not_restored(directory, backed_up):
    (backed_up / "expected-files").unlink()
    done = run("restore", backed_up, "--data-dir", directory / "restored", code=BAD_DATA_DIR)
    assert str(backed_up) in clear_line(done.stderr)


def test_backing_up_nothing_is_refused(directory):
    done = run("backup", directory / "copy", "--data-dir", directory / "data", code=BAD_DATA_DIR)
    assert str(directory / "data") in clear_line(done.stderr)
    assert not (directory / "data").exists()


def test_a_data_directory_with_a_long_path_can_be_backed_up_while_served(launch, directory):
    """A socket's path may have 107 bytes only, a directory's 4095."""
    server = launch(data_dir=directory / ("x" * 60) / ("y" * 60) / "data")
    video_id = random_id()
    server.client.play(video_id)
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    run("restore", directory / "copy", "--data-dir", directory / "restored")
    assert table(directory / "restored", "video_playback_stats")[0]["views"] == 1


def test_a_socket_left_by_a_crash_is_in_nobodys_way(launch, directory):
    server = launch()
    video_id = random_id()
    server.client.play(video_id)
    server.kill()
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    server.start()
    server.client.play(video_id)
    run("backup", directory / "later", "--data-dir", server.data_dir)
    run("restore", directory / "later", "--data-dir", directory / "restored")
    assert table(directory / "restored", "video_playback_stats")[0]["views"] == 2
