"""Search: what is found, pages that continue each other, completions, any text as a query."""

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import search
from support.expect import invalid
from support.ids import random_id
from support.search import word
from support.waiting import eventually

EVERY_ENGINE = True
EVERY_INDEX = True

NOISE = [
    '"', "'", '"unbalanced', "name:cat", "*", "ca*", "?", "(", ")", "(cat", "[a TO b]", "{",
    "a AND", "OR", "NOT NOT", "-cat", "+cat", "cat~2", "cat^9", "\\", "/", "&&", "||", "!", "<>",
    "%", "_", "$",
    "🎬", "👩‍🚀🚀", "x", "猫と犬", "한국어", "العربية", "İıŞş", "\u0301\u0301", "\u200b\u200d", "a\0b",
    "x" * 500, "x " * 250, "🎬" * 500, "é" * 500, "猫" * 500, "(\"" * 250, "the " * 125]


def add(client, *args, **fields):
    video_id = random_id()
    client.submit(video_id, random_id(), *args, **fields)
    return video_id


def found(client, query, *video_ids, limit=10):
    """Waits until exactly these videos are found, and gives them in their order."""
    def ids():
        try:
            return search.ids(client, query)
        except grpc.RpcError as error:
            # On a busy machine a server may serve before its first index is there.
            assert error.code() == grpc.StatusCode.UNAVAILABLE, error
            return []
    eventually(lambda: set(ids()) == set(video_ids), limit,
               f"{len(video_ids)} videos for {query[:40]}")
    # How rare its words are may have been asked for before the last of them was there.
    return search.ids(client, query)


def test_a_new_video_is_found_by_its_name_tags_and_description(client):
    name, tag, text = word(), word(), word()
    video_id = add(client, f"The {name.upper()} film", f"About «{text}».", [f"two {tag}", "other"])
    for query in (name, tag, text, f"nothing of {text}"):
        eventually(lambda: video_id in search.ids(client, query), 10, query)


def test_a_hit_has_what_the_catalog_says(client):
    name = word()
    video_id, user_id = random_id(), random_id()
    client.submit(video_id, user_id, name)
    found(client, name, video_id)
    response = search.hits(client, name)
    assert response.query == name
    hit, = response.videos
    video = client.video(video_id)
    assert (hit.video_id, hit.user_id, hit.name) == (video.video_id, video.user_id, name)
    assert hit.added_date == video.added_date
    assert hit.preview_image_location == "//img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


def test_name_before_tags_before_description(client):
    text = word()
    by_text = add(client, "A film", text, ["one"])
    by_tag = add(client, "A film", "", [text])
    by_name = add(client, text, "", ["one"])
    assert found(client, text, by_text, by_tag, by_name) == [by_name, by_tag, by_text]


def test_more_matching_words_before_fewer(client):
    one, two, three = word(), word(), word()
    few = add(client, one)
    more = add(client, f"{two} {one}")
    most = add(client, f"{three} {one} {two}")
    assert found(client, f"{one} {two} {three}", few, more, most) == [most, more, few]


def test_no_hit_is_no_error(client):
    response = search.hits(client, word())
    assert (list(response.videos), response.paging_state) == ([], "")


def test_a_misspelt_word_finds_its_nearest(client):
    name = word()
    video_id = add(client, name)
    found(client, name, video_id)
    swapped = name[:2] + "zy" + name[2:]
    for wrong in (name[:-1], name + "x", swapped, name[:8] + "zz" + name[10:]):
        assert search.ids(client, wrong) == [video_id]
    assert search.ids(client, name[:8] + "zzz" + name[11:]) == []


# Ways to write a word, and the same word in plain letters. Add a line for each.
FORMS = [
    ("{}CAF\u00c9", "{}cafe"),
    ("{}cafe\u0301", "{}cafe"),
    ("{}stra\u00dfe", "{}strasse"),
    ("{}\ufb01lm", "{}film"),
    ("{}\uff26\uff35\uff2c\uff2c", "{}full"),
    ("{}so\u00adft", "{}soft"),
    ("{}ze\u200bro\u200cwi\u200ddth\u2060s\ufeff", "{}zerowidths"),
    ("\u200e{}le\u200fft\u202a\u202bto\u202cri\u202d\u202eght", "{}lefttoright"),
    ("{}is\u2066ol\u2067at\u2068es\u2069", "{}isolates"),
    ("{}كِتَابٌ", "{}كتاب"),
    ("{}كـــتاب", "{}كتاب"),
    ("{}أحمد", "{}احمد"),
    ("{}שָׁלוֹם", "{}שלום"),
]


@pytest.mark.parametrize("written,plain", FORMS, ids=ascii)
def test_words_are_found_however_they_are_written(client, written, plain):
    # Each by the other: with both there, none is taken for a misspelling of the other.
    written, plain = written.format(one := word()), plain.format(one)
    ids = [add(client, written), add(client, plain)]
    found(client, plain, *ids)
    found(client, written, *ids)


def test_marks_of_indian_scripts_are_no_accents(client):
    one = word()
    with_vowel, without = add(client, f"{one}कि"), add(client, f"{one}क")
    found(client, f"{one}कि", with_vowel)
    found(client, f"{one}क", without)


@pytest.mark.parametrize("query", NOISE, ids=lambda query: ascii(query[:12]))
def test_any_text_is_a_query(client, query):
    search.hits(client, query)
    search.completions(client, query)


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=500))
def test_any_text_at_all_is_a_query(client, query):
    if query.strip() and not query.isspace():
        try:
            search.hits(client, query)
        except Exception as error:  # What is blank to Unicode is no query.
            assert "query" in error.details()


@pytest.mark.parametrize("method", ["SearchVideos", "GetQuerySuggestions"])
def test_bad_fields_are_named(client, method):
    for query in ("", "   ", "\t\n", "x" * 501, "🎬" * 501, "x" * 1_000_000):
        with invalid("query"):
            client.call(method, query=query, page_size=10)
    for size in (0, -1, -2**31):
        with invalid("page_size"):
            client.call(method, query="cat", page_size=size)
    client.call(method, query="  " + "x" * 500 + "  ", page_size=2**31 - 1)


def test_a_walk_meets_each_hit_once_while_videos_are_added(client):
    text = word()
    ids = [add(client, f"{text} {n % 3}", tags=[text] if n % 2 else ["one"]) for n in range(40)]
    found(client, text, *ids)
    for sizes in ((7,), (1,), (3, 10)):
        walked = search.ids(client, text, sizes, lambda: add(client, f"{text} new {text}", text))
        assert len(set(walked)) == len(walked)
        assert set(ids) <= set(walked)


def test_a_walk_goes_on_after_a_restart(launch):
    server = launch()
    text = word()
    ids = [add(server.client, f"{text} {n}") for n in range(20)]
    found(server.client, text, *ids)
    first = search.hits(server.client, text, 8)
    server.restart()
    rest = search.hits(server.client, text, 100, paging_state=first.paging_state)
    walked = [video.video_id.value for video in [*first.videos, *rest.videos]]
    assert sorted(walked) == sorted(ids)


def test_a_paging_state_belongs_to_its_query_and_cannot_be_altered(client):
    text, other = word(), word()
    ids = [add(client, f"{text} {other} {n}") for n in range(5)]
    found(client, text, *ids)
    state = search.hits(client, text, 2).paging_state
    assert state
    with invalid("paging_state"):
        search.hits(client, other, 2, paging_state=state)
    with invalid("paging_state"):
        client.call("GetLatestVideoPreviews", page_size=2, paging_state=state)
    for index in range(0, len(state), 3):
        altered = state[:index] + f"{int(state[index], 16) ^ 5:x}" + state[index + 1:]
        with invalid("paging_state"):
            search.hits(client, text, 2, paging_state=altered)
    assert len(search.hits(client, text, 3, paging_state=state).videos) == 3


def test_a_full_last_page_has_no_paging_state(client):
    text = word()
    ids = [add(client, f"{text} {n}") for n in range(6)]
    found(client, text, *ids)
    first = search.hits(client, text, 3)
    assert search.hits(client, text, 3, paging_state=first.paging_state).paging_state == ""
    assert search.hits(client, text, 6).paging_state == ""


def test_completions_are_words_of_all_fields_in_order(client):
    stem = word()
    add(client, f"{stem}C and {stem.upper()}c", f"«{stem}ä» {stem}", [f"x {stem}b", f"{stem}c-d"])
    eventually(lambda: search.completions(client, stem), 10, "completions")
    assert search.completions(client, stem) == [stem + end for end in ("ä", "b", "c")]
    assert search.completions(client, f"some {stem.upper()}") == search.completions(client, stem)
    assert search.completions(client, stem, 2) == [stem + "ä", stem + "b"]
    assert search.completions(client, stem + "b") == []


# A text, what is typed, what completes it. Add a line for each form.
COMPLETIONS = [
    ("{}café", "{}caf", ["{}café"]),
    ("{}CAFÉ {}cafe {}Cafe", "{}caf", ["{}cafe", "{}café"]),
    ("{}café {}cafés", "{}cafe", ["{}cafés"]),
    ("{}cafe {}cafés", "{}café", ["{}cafés"]),
    ("{}straße", "{}stra", ["{}straße"]),
    ("{}straße", "{}strass", ["{}straße"]),
    ("{}straße", "{}strasse", []),
    ("{}Łódź", "{}lo", ["{}łódź"]),
    ("{}Łódź", "{}łó", ["{}łódź"]),
    ("{}\ufb01lm \uff5a{}", "{}f", ["{}film"]),
    ("{}so\u00adft\u200bware", "{}so", ["{}software"]),
    ("{}كـِتاب", "{}ك", ["{}كِتاب"]),
    ("{}ler's", "{}l", ["{}ler's"]),
    ("{}ler’s", "{}ler", ["{}ler's"]),
    ("{}ler's", "{}ler'", ["{}ler's"]),
    ("{}ler's song", "{}ler's", []),
    ("{}ler's", "{}ler’s", []),
    ("x'{}avion", "{}a", ["{}avion"]),
    ("{}o'connor's", "{}o’con", ["{}o'connor's"]),
    ("{}a'b {}ab {}a1 {}a", "{}a", ["{}a'b", "{}a1", "{}ab"]),
    ("'{}quoted' {}dogs'", "{}", ["{}dogs", "{}quoted"]),
]


@pytest.mark.parametrize("text,typed,completions", COMPLETIONS, ids=ascii)
def test_completions_are_spelt_as_in_the_text(client, text, typed, completions):
    one = word()
    found(client, one + "x", add(client, text.replace("{}", one), "", [one + "x"]))
    assert search.completions(client, typed.replace("{}", one)) == [
        completion.replace("{}", one) for completion in completions] + (
            [one + "x"] if typed == "{}" else [])


def test_completions_leave_out_stop_words(client):
    add(client, "The thing that they think of", "This is with them.")
    eventually(lambda: "thing" in search.completions(client, "th"), 10, "completions")
    assert not {"the", "that", "they", "this", "them"} & set(search.completions(client, "th", 1000))
