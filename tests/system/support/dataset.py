"""Data sets for `killrvideo import`, written by tests as CSV files."""

import csv
import datetime
import json
import pathlib
import re

COLUMNS = {
    "users": "userid,created_date,email,firstname,lastname,account_status,last_login_date",
    "user_credentials": "email,password,userid,account_locked",
    "videos": "videoid,added_date,category,content_features,content_rating,description,language,"
              "location,location_type,name,preview_image_location,tags,userid",
    "latest_videos": "day,added_date,videoid,name,preview_image_location,userid,content_rating,"
                     "category",
    "user_videos": "userid,added_date,videoid,name,preview_image_location",
    "comments": "videoid,commentid,comment,userid,sentiment_score",
    "comments_by_user": "userid,commentid,videoid,comment,sentiment_score",
    "video_ratings": "videoid,rating_counter,rating_total",
    "video_ratings_by_user": "videoid,userid,rating,rating_date",
    "video_playback_stats": "videoid,views,total_play_time,complete_views,unique_viewers",
    "tag_counts": "tag,count",
}

# What comes first in a table of Cassandra; the other columns follow by name.
KEYS = {
    "users": ["userid"], "user_credentials": ["email"], "videos": ["videoid"],
    "latest_videos": ["day", "added_date", "videoid"], "user_videos": ["userid", "added_date",
                                                                       "videoid"],
    "comments": ["videoid", "commentid"], "comments_by_user": ["userid", "commentid"],
    "video_ratings": ["videoid"], "video_ratings_by_user": ["videoid", "userid"],
    "video_playback_stats": ["videoid"],
}

# KillrVideo's public data set.
PUBLIC = pathlib.Path(__file__).parents[2] / "data" / "killrvideo-data"


def day_and_time(milliseconds):
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M:%S.") + f"{milliseconds % 1000:03}"


def video(video_id, user_id, added, name="A video", **others):
    """The row of videos.csv for a video added at `added`, in milliseconds since 1970."""
    return {
        "videoid": video_id, "userid": user_id, "name": name,
        "added_date": "{} {}+0000".format(*day_and_time(added)),
        "location": "https://www.youtube.com/embed/dQw4w9WgXcQ", "location_type": "1",
        "preview_image_location": "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg",
        "description": "What it shows", "tags": "{'one', 'two'}", "category": "Education",
        "content_rating": "G", "language": "en", "content_features": "", **others}


def latest(row):
    """The row of latest_videos.csv for a row of videos.csv."""
    day, time = row["added_date"].removesuffix("+0000").split()
    return {"day": day, "added_date": f"{day}T{time}Z",
            **{name: row[name] for name in ("videoid", "name", "preview_image_location", "userid",
                                            "content_rating", "category")}}


def write(directory, **tables):
    """Writes one CSV file a table, with the columns in the order of the real data set."""
    directory.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        with open(directory / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS[table].split(","), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return directory


def read_public():
    """The rows of each table of the public data set."""
    csv.field_size_limit(1 << 24)
    tables = {}
    for table in KEYS:
        if (path := PUBLIC / f"{table}.csv").exists():
            with open(path, newline="", encoding="utf-8") as file:
                tables[table] = list(csv.DictReader(file))
    return tables


def write_as(form, directory, tables):
    """Writes all rows of some tables as a tool does, by the name of the form."""
    directory.mkdir(parents=True)
    for table, rows in tables.items():
        order = KEYS[table] + sorted(set(rows[0]) - set(KEYS[table]))
        with open(directory / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            FORMS[form](file, order, [[row[column] for column in order] for row in rows])
    return directory


# Each form writes rows whose times and sets are as the public data set has them.

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)\.(\d{3})(Z|\+0000)")
_ELEMENT = re.compile(r"'((?:[^']|'')*)'")


def _rewritten(value, write_time, write_set):
    if time := _TIME.fullmatch(value):
        return write_time(*time.groups()[:3])
    if value.startswith("{'"):
        return write_set([text.replace("''", "'") for text in _ELEMENT.findall(value)])
    return value


def _published(file, columns, rows):
    """As the files of KillrVideo's own repository."""
    def values(row):
        return [_rewritten(value, lambda day, time, part: f"{day}T{time}.{part}Z",
                           lambda texts: "{" + ",".join(f'"{text}"' for text in texts) + "}")
                for value in row]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(values, rows))


def _without_header(file, columns, rows):
    csv.writer(file, lineterminator="\r\n").writerows(rows)


def _cqlsh(file, columns, rows):
    """As COPY TO."""
    def values(row):
        return [_rewritten({"true": "True", "false": "False"}.get(value, value),
                           lambda day, time, part: f"{day} {time}.{part}000+0000",
                           lambda texts: "{" + ", ".join(
                               "'" + text.replace("'", "''") + "'" for text in texts) + "}")
                for value in row]
    writer = csv.writer(file, quotechar='"', escapechar="\\", doublequote=False,
                        lineterminator="\n")
    writer.writerows(map(values, rows))


def _dsbulk(file, columns, rows):
    """As `dsbulk unload`."""
    def fraction(part):
        return "." + part.rstrip("0") if part.strip("0") else ""

    def values(row):
        return [_rewritten(value, lambda day, time, part: f"{day}T{time}{fraction(part)}Z",
                           lambda texts: json.dumps(texts, separators=(",", ":")))
                for value in row]
    writer = csv.writer(file, quotechar='"', escapechar="\\", doublequote=False,
                        lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(values, rows))


FORMS = {"published": _published, "no header": _without_header, "cqlsh": _cqlsh,
         "dsbulk": _dsbulk}
