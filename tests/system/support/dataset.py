"""Data sets for `killrvideo import`, written by tests as CSV files."""

import csv
import datetime

COLUMNS = {
    "users": "userid,created_date,email,firstname,lastname,account_status,last_login_date",
    "user_credentials": "email,password,userid,account_locked",
    "videos": "videoid,added_date,category,content_features,content_rating,description,language,"
              "location,location_type,name,preview_image_location,tags,userid",
    "latest_videos": "day,added_date,videoid,name,preview_image_location,userid,content_rating,"
                     "category",
    "comments": "videoid,commentid,comment,userid,sentiment_score",
    "comments_by_user": "userid,commentid,videoid,comment,sentiment_score",
    "video_ratings": "videoid,rating_counter,rating_total",
    "video_ratings_by_user": "videoid,userid,rating,rating_date",
    "video_playback_stats": "videoid,views,total_play_time,complete_views,unique_viewers",
    "tag_counts": "tag,count",
}


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
