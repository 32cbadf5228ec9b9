"""A store whose files are damaged or gone: the program says so and touches nothing."""

import hashlib

import pytest

from support.ids import noise, random_id, timeuuid
from support.program import BAD_DATA_DIR, run

NOW = 1_700_000_000_000


@pytest.fixture
def filled(launch):
    """A stopped server whose rows lie in table files and in the log; and the ids of its video."""
    server = launch()
    video_id, user_id = random_id(), random_id()
    for number in range(200):
        server.client.comment(video_id, user_id, timeuuid(NOW + number), noise(200))
    # Recovery from the log after a crash moves what was in it into table files.
    server.kill()
    server.start()
    server.client.submit(video_id, user_id)
    server.kill()
    server.video_id = video_id
    return server


def files(server, pattern):
    found = sorted(server.data_dir.rglob(pattern))
    assert found, f"no {pattern} in the store"
    return found


def contents(server):
    """What the store's files hold, but for RocksDB's own diary and what locks it."""
    return {path: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in server.data_dir.rglob("*")
            if path.is_file() and not path.name.startswith(("LOG", "LOCK", "OPTIONS", "IDENTITY"))}


def refused_untouched(server):
    before = contents(server)
    line = server.fails(BAD_DATA_DIR)
    assert str(server.data_dir) in line
    after = contents(server)
    assert {path: after.get(path) for path in before} == before
    # Neither do other commands pretend that all is well.
    run("backup", server.data_dir.parent / "copy", "--data-dir", server.data_dir,
        code=BAD_DATA_DIR)


def overwrite(path, position, data):
    with open(path, "r+b") as file:
        file.seek(position)
        file.write(data)


def test_a_damaged_store_that_is_put_back_is_whole_again(filled):
    """The proof that the tests below damage what matters, and nothing else."""
    manifest = files(filled, "MANIFEST-*")[-1]
    whole = manifest.read_bytes()
    overwrite(manifest, 0, b"garbage " * 20)
    refused_untouched(filled)
    manifest.write_bytes(whole)
    filled.start()
    assert len(filled.client.video_comments(filled.video_id, 1000).comments) == 200
    assert filled.client.video(filled.video_id).name == "A video"


@pytest.mark.parametrize("pattern", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_a_missing_file_is_noticed(filled, pattern):
    files(filled, pattern)[-1].unlink()
    refused_untouched(filled)


@pytest.mark.parametrize("pattern", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_an_empty_file_is_noticed(filled, pattern):
    files(filled, pattern)[-1].write_bytes(b"")
    refused_untouched(filled)


def test_a_truncated_file_is_noticed(filled):
    path = files(filled, "*.sst")[0]
    path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
    refused_untouched(filled)


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_list_of_files_that_is_cut_short_is_noticed(filled, part):
    path = files(filled, "MANIFEST-*")[-1]
    path.write_bytes(path.read_bytes()[:int(path.stat().st_size * part)])
    refused_untouched(filled)


def test_a_log_that_is_gone_is_noticed(filled):
    """After a crash the last rows are nowhere else."""
    for path in files(filled, "*.log"):
        path.unlink()
    refused_untouched(filled)


def test_a_store_needs_no_log_after_a_good_end(filled):
    filled.start()
    filled.stop()
    for path in files(filled, "*.log"):
        path.unlink()
    filled.start()
    assert len(filled.client.video_comments(filled.video_id, 1000).comments) == 200
    assert filled.client.video(filled.video_id).name == "A video"


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_damage_in_the_list_of_files_is_noticed(filled, place):
    path = files(filled, "MANIFEST-*")[-1]
    overwrite(path, int(path.stat().st_size * place), b"\xa5\x5a\xa5")
    refused_untouched(filled)


def test_damage_in_the_middle_of_the_log_is_noticed(filled):
    """What follows the damage was acknowledged: it must not vanish without a word."""
    filled.start()
    for number in range(50):
        filled.client.comment(filled.video_id, random_id(), timeuuid(NOW - 1 - number), noise(200))
    filled.kill()
    log = max(files(filled, "*.log"), key=lambda path: path.stat().st_size)
    overwrite(log, log.stat().st_size // 2, b"\xa5" * 64)
    refused_untouched(filled)


def test_a_record_that_a_crash_cut_off_is_none(filled):
    """The end of the log is what a power failure may tear: never acknowledged, so no reason to
    refuse."""
    filled.start()
    filled.client.play(filled.video_id)
    filled.kill()
    log = max(files(filled, "*.log"), key=lambda path: path.stat().st_mtime)
    with open(log, "ab") as file:
        file.write(b"\x12\x34\x56\x78\xff\x01\x01torn")
    filled.start()
    assert filled.client.plays(filled.video_id) == {filled.video_id: 1}
    assert len(filled.client.video_comments(filled.video_id, 1000).comments) == 200


def test_damaged_rows_are_an_error_and_no_crash(filled):
    """Damage inside a table file shows when it is read: that read fails, the program goes on."""
    largest = max(files(filled, "*.sst"), key=lambda path: path.stat().st_size)
    overwrite(largest, largest.stat().st_size // 4, b"\xa5" * 2000)
    filled.start()
    failures = 0
    for _ in range(3):
        try:
            filled.client.video_comments(filled.video_id, 1000)
        except Exception as error:
            failures += 1
            assert error.code().name in ("INTERNAL", "DATA_LOSS", "UNAVAILABLE")
    assert failures == 3
    other = random_id()
    filled.client.play(other)
    assert filled.client.plays(other) == {other: 1}


def test_a_foreign_file_beside_the_store_does_no_harm(filled):
    (filled.data_dir / "README.txt").write_text("notes of the operator\n")
    filled.start()
    assert filled.client.video(filled.video_id).name == "A video"
