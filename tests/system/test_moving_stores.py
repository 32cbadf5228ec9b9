"""Commands that fill, copy and repair stores, on Cassandra too."""

import json
import re
import signal
import subprocess

import pytest

from support import cassandra
from support.engines import ENGINES
from support.program import BINARY, FAILED, BAD_USAGE, clear_line, environment, run
from support.program import table
from support.waiting import eventually

# Many tables are made, one after the other.
pytestmark = pytest.mark.timeout(300)

ROCKSDB, CASSANDRA = ENGINES["rocksdb"], ENGINES["cassandra"]
TABLES = ("users", "user_credentials", "videos", "user_videos", "latest_videos",
          "comments_by_video", "comments_by_user", "video_ratings", "video_ratings_by_user",
          "video_playback_stats", "outbox_events")
SIZES = ("--users", "20", "--videos", "60")


@pytest.fixture
def keyspace(directory):
    """The flags of a keyspace that goes away with the test."""
    yield CASSANDRA.flags(directory)
    CASSANDRA.drop(directory)


def cluster_flags(keyspace):
    """Without the choice of the store, which copy makes itself."""
    return [flag for flag in keyspace if flag not in ("--store", "cassandra")]


def rows(data_dir, name, *flags):
    """All rows of a table in an order of ours: scans have none."""
    return sorted(table(data_dir, name, *flags), key=str)


def generate(data_dir, *flags):
    run("generate", "--data-dir", data_dir, *SIZES, *flags, limit=200)


def copy(data_dir, source, target, keyspace, **options):
    return run("copy", "--from", source, "--to", target, "--data-dir", data_dir,
               *cluster_flags(keyspace), limit=200, **options)


def test_generate_gives_the_same_rows_on_both(directory, keyspace):
    generate(directory / "local")
    generate(directory / "unused", *keyspace)
    for name in TABLES:
        expected = rows(directory / "local", name)
        assert rows(directory / "unused", name, *keyspace) == expected, name
    assert len(rows(directory / "local", "videos")) == 60


def test_a_copy_there_and_back_is_the_same(directory, keyspace):
    generate(directory / "local")
    there = copy(directory / "local", "rocksdb", "cassandra", keyspace)
    assert "DIFFERENT" not in there.stdout
    assert there.stdout.count("verified") >= len(TABLES)
    # Counters are totals: a second copy adds nothing to them.
    copy(directory / "local", "rocksdb", "cassandra", keyspace)
    copy(directory / "back", "cassandra", "rocksdb", keyspace)
    for name in TABLES:
        assert rows(directory / "back", name) == rows(directory / "local", name), name


def test_rows_that_only_the_target_has_are_told(directory, keyspace):
    generate(directory / "local")
    run("generate", "--data-dir", directory / "other", *SIZES, "--seed", "2", *keyspace, limit=200)
    failed = copy(directory / "local", "rocksdb", "cassandra", keyspace, code=FAILED)
    assert "videos (60 rows, 120 in the copy)" in clear_line(failed.stderr)


def test_a_copy_that_was_cut_off_goes_on(directory, keyspace):
    local = directory / "local"
    run("generate", "--data-dir", local, "--users", "200", "--videos", "100",
        "--comments", "60000", "--ratings", "0", "--plays", "0")
    checkpoint = local / "copy-rocksdb-to-cassandra.json"
    command = [BINARY, "copy", "--from", "rocksdb", "--to", "cassandra", "--data-dir", local,
               *cluster_flags(keyspace)]
    cut_off = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: checkpoint.exists() and "state" in checkpoint.read_text(), 200,
                   "a checkpoint inside of a table")
    finally:
        cut_off.send_signal(signal.SIGKILL)
        cut_off.wait()
    resumed = copy(local, "rocksdb", "cassandra", keyspace)
    assert "going on" in resumed.stderr
    assert "DIFFERENT" not in resumed.stdout
    assert not checkpoint.exists()


def test_a_checkpoint_that_cannot_be_read_is_refused(directory, keyspace):
    generate(directory / "local")
    (directory / "local" / "copy-rocksdb-to-cassandra.json").write_text("{")
    failed = copy(directory / "local", "rocksdb", "cassandra", keyspace, code=FAILED)
    assert "copy-rocksdb-to-cassandra.json cannot be used" in clear_line(failed.stderr)


def test_what_was_copied_to_another_keyspace_is_not_taken_for_done(directory, keyspace):
    generate(directory / "local")
    checkpoint = directory / "local" / "copy-rocksdb-to-cassandra.json"
    checkpoint.write_text(json.dumps({
        "stores": {"keyspace": "another", "cluster": ",".join(cassandra.addresses())},
        "tables": {name: {"done": True} for name in TABLES}}))
    failed = copy(directory / "local", "rocksdb", "cassandra", keyspace, code=FAILED)
    assert "another cluster or keyspace" in clear_line(failed.stderr)


def test_a_store_is_not_copied_to_itself(directory):
    failed = run("copy", "--from", "rocksdb", "--to", "rocksdb", "--data-dir", directory,
                 code=BAD_USAGE)
    assert "the same store" in clear_line(failed.stderr)
    failed = run("copy", "--to", "rocksdb", "--data-dir", directory, code=BAD_USAGE)
    assert "--from is missing" in clear_line(failed.stderr)


@pytest.mark.parametrize("engine", ["rocksdb", "cassandra"])
def test_reconcile_counts_ratings_again(engine, directory, request):
    flags = request.getfixturevalue("keyspace") if engine == "cassandra" else []
    generate(directory / "data", "--ratings", "100", *flags)
    before = rows(directory / "data", "video_ratings", *flags)
    (directory / "csv").mkdir()
    (directory / "csv" / "video_ratings.csv").write_text(
        "videoid,rating_counter,rating_total\n" +
        "".join(f"{row['videoid']},1000,5000\n" for row in before))
    run("import", directory / "csv", "--data-dir", directory / "data", *flags)
    assert rows(directory / "data", "video_ratings", *flags) != before
    done = run("reconcile", "--data-dir", directory / "data", *flags)
    assert f"set the totals of {len(before)} right" in done.stdout
    assert rows(directory / "data", "video_ratings", *flags) == before


def test_schema_is_applied_once(directory, keyspace):
    first = run("schema", "--apply", "on", *keyspace, limit=200)
    assert re.fullmatch(r"the schema is at version \d+\n", first.stdout)
    assert run("schema", "--apply", "on", *keyspace).stdout == first.stdout
    assert table(directory, "videos", *keyspace) == []


def test_schema_is_printed_without_a_server():
    script = run("schema", "--cassandra-keyspace", "mine", "--cassandra-replication",
                 "dc1:3,dc2:2").stdout
    assert "CREATE KEYSPACE IF NOT EXISTS mine" in script
    assert "'dc1': 3, 'dc2': 2" in script
    assert "CREATE TABLE IF NOT EXISTS mine.videos (" in script
    assert "content_features vector<float, 384>" in script
    assert "USING 'sai'" in script
