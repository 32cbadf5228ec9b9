"""killrvideo explain: how hits come to their order, beside a running server and without one."""

import json
import re
import shutil

import pytest

from support import search
from support.ids import random_id
from support.program import BAD_DATA_DIR, BAD_USAGE, FAILED, ROOT, clear_line, run
from support.search import word
from support.waiting import eventually

EVERY_ENGINE = True
EVERY_INDEX = True

DATA = ROOT / "tests" / "data" / "killrvideo-data"
QUERIES = json.loads((DATA / "queries.json").read_text())

# Indexes in OpenSearch count in floats.
ROUNDING = 1 + 1e-6


def explain(server, query, video_id, **options):
    return run("explain", query, video_id, "--data-dir", server.data_dir, *server.store_flags,
               **options)


def parts(explained):
    """What each word adds, and the sum."""
    lines = explained.stdout.splitlines()
    title = next(n for n, line in enumerate(lines) if line.startswith("word "))
    table = lines[title + 1:lines.index("", title)]
    added = [float(line.split()[-1]) for line in table if not line.startswith(" ")]
    weight, = re.findall(r"^weight  (\S+)$", explained.stdout, re.M)
    return added, float(weight)


def check_order(server, query, most=100):
    """The sums are those of the words, and in the order of the hits, which are returned."""
    ids = search.ids(server.client, query)
    weights = []
    for video_id in ids[:most]:
        added, weight = parts(explain(server, query, video_id))
        assert weight == pytest.approx(sum(added), rel=1e-4)
        weights.append(weight)
    assert all(one * ROUNDING >= next for one, next in zip(weights, weights[1:])), weights
    return ids


@pytest.fixture
def films(launch):
    """A server with some films, whose names, tags and descriptions have a word of their own."""
    server, own = launch(), word()
    search.wait_for_index(server)
    films = [(f"{own} dragon", "", ["dragon"]), ("A dragon", f"About {own}.", []),
             ("Dragons of the sea", "", [own, "sea"]), (own, "Sea, sea and the sea", ["sea"]),
             (f"The {own} in a long name of a film of the sea", "dragon " * 50, [])]
    ids = []
    for name, text, tags in films:
        ids.append(random_id())
        server.client.submit(ids[-1], random_id(), name, text, tags)
    eventually(lambda: set(search.ids(server.client, own)) == set(ids), 60, "all films")
    return server, own, ids


# Words of which some, all or none are known as they are spelt. Add a line for each kind.
FORMS = ["{}", "{} dragon", "dragon sea {}", "{}x", "{}x dragn", "{} nonsensical", "{0} {0}, {0}!"]


@pytest.mark.parametrize("form", FORMS)
def test_the_sums_order_the_hits(films, form):
    server, own, ids = films
    assert set(check_order(server, form.format(own))) >= set(ids)


def test_the_words_and_fields_are_told(films):
    server, own, ids = films
    table = explain(server, f"{own}x DRAGON", ids[0]).stdout
    assert f'video   {ids[0]} "{own} dragon"\n' in table
    assert re.search(rf"^{own} for {own}x +5 ", table, re.M)
    assert re.search(r"^dragon +3 ", table, re.M)
    assert re.search(r"^ +name +1 +2 +4 ", table, re.M)
    assert re.search(r"^ +tags +1 +1 +2 ", table, re.M)


def test_what_is_wrong_is_said(films):
    server, own, ids = films
    for query, video_id, code, why in [
            (own, random_id(), FAILED, "there is no video"),
            (word(), ids[0], FAILED, "no video has a word of it"),
            ("sea", ids[0], FAILED, f"{ids[0]} is no hit"),
            ("?!", ids[0], BAD_USAGE, "it has no words"),
            (own, "nonsense", BAD_USAGE, "VIDEO_ID is the UUID of a video, not nonsense")]:
        done = explain(server, query, video_id, code=code)
        assert why in clear_line(done.stderr)
        assert done.stdout == ""


@pytest.mark.rocksdb
def test_there_need_be_no_server(films):
    server, own, ids = films
    beside = explain(server, own, ids[0]).stdout
    server.stop()
    assert explain(server, own, ids[0]).stdout == beside
    shutil.rmtree(server.data_dir / "search")
    assert "is not there" in explain(server, own, ids[0], code=FAILED).stderr
    shutil.rmtree(server.data_dir)
    explain(server, own, ids[0], code=BAD_DATA_DIR)


@pytest.mark.parametrize("query", [entry["query"] for entry in QUERIES])
def test_the_sums_order_the_hits_of_the_public_data_set(public_server, query):
    assert check_order(public_server, query, most=4)
