"""killrvideo import: the forms of CSV that tools and people write, and what is wrong in some."""

import re

import pytest

from support.imports import Numbers, numbers
from support.program import BAD_ROWS, OK, run, table

pytestmark = pytest.mark.concurrent

USER = "22222222-2222-4222-8222-222222222201"
HEADER = "videoid,userid,name,description,location,preview_image_location,tags,added_date\n"
URL = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
DATE = "2024-01-02T03:04:05Z"


def video_id(number):
    return f"11111111-1111-4111-8111-{number:012}"


def row(number, name="A video", description="x", location=URL, tags="{}", date=DATE):
    """A line below HEADER; each text as it stands in the file."""
    return f"{video_id(number)},{USER},{name},{description},{location},,{tags},{date}\n"


def placed(number, name="A video", description="x", tags="", date=DATE):
    """A line without header, in Cassandra's order of the columns."""
    return f"{video_id(number)},{date},{description},{URL},0,{name},,{tags},{USER}\n"


def load(directory, text, *flags, name="videos", code=OK):
    (directory / "csv").mkdir(exist_ok=True)
    (directory / "csv" / f"{name}.csv").write_bytes(text.encode())
    return run("import", directory / "csv", "--data-dir", directory / "data", *flags, code=code)


def videos(directory):
    """The rows in the order of their ids."""
    return sorted(table(directory / "data", "videos"), key=lambda video: video["videoid"])


# What is written, and the names, descriptions or tags (by the column) that are meant.
FORMS = {
    "sets in single quotes": (
        HEADER + row(1, tags="\"{'a', 'it''s'}\"") + row(2, tags="\"{'b','a'}\""),
        "tags", [["a", "it's"], ["a", "b"]]),
    "sets in double quotes": (
        HEADER + row(1, tags='"{""boats"",""water""}"') + row(2, tags='"{ ""a b"" ,\t""c"" }"'),
        "tags", [["boats", "water"], ["a b", "c"]]),
    "sets as JSON": (
        HEADER + row(1, tags='"[""a"", ""b""]"') + row(2, tags="[]") + row(3, tags="{}")
        + row(4, tags=""), "tags", [["a", "b"], [], [], []]),
    "sets as JSON behind backslashes and with doubled quotes": (
        HEADER + row(1, tags=r'"[\"a\", \"b\"]"') + row(2, tags='"[""c""]"'),
        "tags", [["a", "b"], ["c"]]),
    "tags with blanks around": (
        HEADER + row(1, tags="\"{' a ', 'a', ' b'}\""), "tags", [["a", "b"]]),
    "quotes behind backslashes": (
        HEADER + row(1, description=r'"say \"hi\""') + row(2, description=r'"C:\\dir"'),
        "description", ['say "hi"', r"C:\dir"]),
    "backslashes in bare fields": (
        HEADER + row(1, description=r"say \"hi\"") + row(2, description=r"C:\\dir"),
        "description", ['say "hi"', r"C:\dir"]),
    "backslashes that are text": (
        HEADER + row(1, description=r"C:\dir") + row(2, description=r'"D:\"'),
        "description", [r"C:\dir", "D:\\"]),
    "line feeds below a header are text": (
        HEADER + row(1, description=r"a\nb"), "description", [r"a\nb"]),
    "line feeds without a header are escapes": (
        placed(1, description=r"a\nb\tc"), "description", ["a\nb\tc"]),
    "no header": (
        placed(1, name="One", tags="\"{'a'}\"", date="2024-01-02 03:04:05.678000+0000")
        + placed(2, name="Two"), "name", ["One", "Two"]),
    "no header and escaped quotes in the first row": (
        placed(1, description=r'"say \"hi\" twice"') + placed(2, description='"two\nlines"'),
        "description", ['say "hi" twice', "two\nlines"]),
    "no header and the columns of 2025": (
        f"{video_id(1)},{DATE},Film,,G,\"Many, words\",en,{URL},0,One,,[],{USER}\n",
        "description", ["Many, words"]),
    "a header in capitals, quotes and blanks": (
        'VideoId, "userid" ,"NAME", Description ,location,preview_image_location,tags,'
        '"added_date"\n' + row(1, name="One"), "name", ["One"]),
    "other columns and another order": (
        "x,tags,added_date,preview_image_location,location,description,name,userid,videoid,y\n"
        f"1,,{DATE},,{URL},x,One,{USER},{video_id(1)},\n", "name", ["One"]),
    "CRLF, a byte order mark and line ends in fields": (
        "\ufeff" + HEADER.replace("\n", "\r\n")
        + row(1, description='"a\r\nb\n"').replace("Z\n", "Z\r\n") + "\r\n" + row(2).rstrip(),
        "description", ["a\r\nb", "x"]),
    "texts with blanks around": (
        HEADER + row(1, name=" One\t", description='" \n two "'), "description", ["two"]),
    "an empty file": ("", "name", []),
    "a header alone": (HEADER, "name", []),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_means_what_its_writer_meant(directory, form):
    text, column, expected = FORMS[form]
    done = load(directory, text)
    found = [video[column] for video in videos(directory)]
    assert found == expected
    assert numbers(done, "videos") == Numbers(len(expected), len(expected), 0, 0)


TIMES = {
    "2024-01-02T03:04:05": "2024-01-02T03:04:05.000Z",
    "2024-01-02 03:04:05Z": "2024-01-02T03:04:05.000Z",
    "2024-01-02T03:04:05.6z": "2024-01-02T03:04:05.600Z",
    "2024-01-02T03:04:05.67Z": "2024-01-02T03:04:05.670Z",
    "2024-01-02T03:04:05.678999999Z": "2024-01-02T03:04:05.678Z",
    "2024-01-02 03:04:05.678000+0000": "2024-01-02T03:04:05.678Z",
    "2024-01-02T05:04:05+02:00": "2024-01-02T03:04:05.000Z",
    "2024-01-02 04:04:05.678000+0100": "2024-01-02T03:04:05.678Z",
    "2024-01-02T04:04:05+01": "2024-01-02T03:04:05.000Z",
    "2024-01-01T21:34:05-05:30": "2024-01-02T03:04:05.000Z",
    "1969-12-31T23:59:59.9Z": "1969-12-31T23:59:59.900Z",
    "0001-01-01T00:00:00Z": "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z": "9999-12-31T23:59:59.999Z",
}


def test_every_form_of_a_time_is_taken(directory):
    load(directory, HEADER + "".join(row(n, date=text) for n, text in enumerate(TIMES)))
    assert [video["added_date"] for video in videos(directory)] == list(TIMES.values())


# Rows that calls would refuse, or that are none: the line's fields, and the column to blame.
REFUSED = [
    ({"date": "0000-12-31T23:59:59Z"}, "added_date"),
    ({"date": "10000-01-01T00:00:00Z"}, "added_date"),
    ({"date": "0001-01-01T00:00:00+00:01"}, "added_date"),
    ({"date": "2024-01-02T03:04:05.1234567890Z"}, "added_date"),
    ({"date": "2024-01-02"}, "added_date"),
    ({"date": ""}, "added_date"),
    ({"name": '""'}, "name"),
    ({"name": '" \t"'}, "name"),
    ({"name": "n" * 256}, "name"),
    ({"description": "d" * 10_001}, "description"),
    ({"tags": "{''}"}, "tags"),
    ({"tags": "\"{'a', ' '}\""}, "tags"),
    ({"tags": "{'" + "t" * 51 + "'}"}, "tags"),
    ({"tags": '"[' + ",".join(f'""{n}""' for n in range(51)) + ']"'}, "tags"),
    ({"tags": "{a}"}, "tags"),
    ({"tags": '"[""a"""'}, "tags"),
    ({"location": "https://www.youtube.com/watch?v=short"}, "location"),
    ({"location": "https://www.youtube.com/@channel"}, "location"),
    ({"location": "youtu.be/"}, "location"),
]


def test_what_a_call_would_refuse_is_refused_row_by_row(directory):
    lines = "".join(row(2 * n, **fields) + row(2 * n + 1) for n, (fields, _) in enumerate(REFUSED))
    done = load(directory, HEADER + lines, code=BAD_ROWS)
    told = re.findall(r"videos\.csv:(\d+): (\w+).*: ", done.stderr)
    assert told == [(str(2 + 2 * n), column) for n, (_, column) in enumerate(REFUSED)]
    count = len(REFUSED)
    assert numbers(done, "videos") == Numbers(2 * count, count, 0, count)
    assert len(videos(directory)) == count


def test_what_is_not_on_youtube_is_an_upload(directory):
    load(directory, HEADER + row(1, location="https://youtu.be.example.org/aqz-KE-bpKQ")
         + row(2, location="https://m.youtube.com/watch/aqz-KE-bpKQ?x=[a|b]") + row(3, location=""))
    assert [video["location_type"] for video in videos(directory)] == [1, 0, 1]


# First lines because of which nothing of a file is read, and what is said of them.
FIRST_LINES = {
    "semicolons": (HEADER.replace(",", ";") + row(1).replace(",", ";"), (),
                   r"lacks videoid, .*semicolons"),
    "tabs": (HEADER.replace(",", "\t"), (), r"lacks videoid, .*tabs"),
    "a column is missing": (HEADER.replace(",tags", "") + row(1), (), r"lacks tags;.*commas"),
    "a column twice": (HEADER.replace("\n", ",Name\n") + row(1), (), r"'name' twice"),
    "a quote that is not closed": ('"' + HEADER + row(1), (), r"not closed"),
    "no header and a column less": (placed(1).replace(f",{USER}", ""), (), r"8 fields.* 9 .* 13 "),
    "a row that is to be a header": (placed(1), ("--header", "on"), r"lacks videoid"),
    "a header that is to be a row": (HEADER + row(1), ("--header", "off"), r"8 fields.* 9 .* 13 "),
}


@pytest.mark.parametrize("what", FIRST_LINES)
def test_a_bad_first_line_is_one_line_and_nothing_is_read(directory, what):
    text, flags, words = FIRST_LINES[what]
    done = load(directory, text, *flags, code=BAD_ROWS)
    line, = re.findall(r"^.*videos\.csv:.*$", done.stderr, re.M)
    assert re.search(rf"videos\.csv:1: .*{words}", line)
    assert numbers(done, "videos") == Numbers(0, 0, 0, 0)
    assert videos(directory) == []


def test_the_reading_of_escapes_is_told_and_can_be_chosen(directory):
    text = HEADER + row(1, description=r'"C:\\x"')
    for flags, reading, meaning in (((), "backslash", r"C:\x"),
                                    (("--escape", "doubled"), "doubled", r"C:\\x"),
                                    (("--escape", "backslash"), "backslash", r"C:\x"),
                                    (("--escape", "auto"), "backslash", r"C:\x")):
        done = load(directory, text, *flags)
        assert re.search(rf"^videos\.csv .*; escape: {reading}$", done.stdout, re.M)
        assert videos(directory)[0]["description"] == meaning
    assert "escape" not in load(directory, HEADER + row(1)).stdout


def test_unknown_columns_are_named_once(directory):
    done = load(directory, "videoid,views,colour,total_play_time\n"
                f"{video_id(1)},1,red,2\n{video_id(2)},2,blue,3\n", name="video_playback_stats")
    line, = [line for line in done.stderr.splitlines() if "colour" in line]
    assert re.search(r"video_playback_stats\.csv: .*: colour, total_play_time$", line)


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_in(directory):
    (directory / "csv" / "users.csv").mkdir(parents=True)
    done = load(directory, HEADER + row(1), code=BAD_ROWS)
    assert re.search(r"^cannot read .*users\.csv: ", done.stderr, re.M)
    assert re.search(r"^users\.csv .*cannot be read$", done.stdout, re.M)
    assert numbers(done, "videos").taken == 1


def test_a_row_of_days_is_taken_in_both_forms(directory):
    lines = "".join(f"{day},2024-01-02T03:04:05Z,{video_id(n)},A video,,{USER}\n"
                    for n, day in enumerate(("20240102", "2024-01-02", "20240103")))
    done = load(directory, lines, name="latest_videos", code=BAD_ROWS)
    assert re.findall(r"latest_videos\.csv:(\d+): ", done.stderr) == ["3"]
    assert numbers(done, "latest_videos") == Numbers(3, 2, 0, 1)
