"""The data the benchmarks run on: generated once, kept, and copied for each run."""

import hashlib
import json
import re
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

SOURCES = Path(__file__).resolve().parent.parent / "src"
PAGE = 20
WALKED_PAGES = 1_000


@dataclass(frozen=True)
class Size:
    """How many rows of each kind `killrvideo generate` is asked for."""

    users: int
    videos: int
    comments: int
    ratings: int
    plays: int

    def divided_by(self, divisor):
        return Size(*(count // divisor for count in asdict(self).values()))


LARGE = Size(users=20_000, videos=100_000, comments=1_000_000, ratings=1_000_000, plays=1_000_000)
SMALL = LARGE.divided_by(100)


class Data:
    """A generated data directory beside a file with ids that the load generator asks for."""

    def __init__(self, program: Path, cache: Path, name: str, size: Size):
        self.program, self.size = program, size
        self.directory = cache / name / "data"
        self.ids = cache / name / "ids.json"
        self._stamp = cache / name / "stamp"

    def prepare(self, say):
        """Generates what is not there yet, or was made by other code."""
        stamp = self._wanted_stamp()
        if self._stamp.exists() and self._stamp.read_text() == stamp:
            return
        home = self._stamp.parent
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        say(f"generating {self.size.videos:,} videos and {self.size.comments:,} comments")
        started = time.monotonic()
        self._run("generate", *self._generate_flags())
        say(f"generated in {time.monotonic() - started:.0f} s; collecting ids")
        self.ids.write_text(json.dumps(self._collect_ids()))
        self._stamp.write_text(stamp)

    def copy_to(self, target: Path) -> Path:
        """A copy to write into, so that every run begins with the same data."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.directory, target)
        return target

    def bytes_on_disk(self):
        return sum(file.stat().st_size for file in self.directory.rglob("*") if file.is_file())

    def _generate_flags(self):
        return [
            text
            for name, count in asdict(self.size).items()
            for text in (f"--{name}", str(count))
        ]

    def _wanted_stamp(self):
        """Changes with the size and with the code that makes the data and keeps it."""
        digest = hashlib.sha256(repr(self.size).encode())
        for folder in ("generate", "search", "storage", "suggestions"):
            for file in sorted((SOURCES / folder).rglob("*.[ch]pp")):
                digest.update(file.read_bytes())
        return digest.hexdigest()

    def _run(self, command, *arguments):
        subprocess.run(
            [self.program, command, "--data-dir", self.directory, *arguments],
            check=True, stdout=subprocess.DEVNULL,
        )

    def _rows(self, table, count):
        """All rows of a table, as `killrvideo table` prints them."""
        command = [self.program, "table", table, "--data-dir", self.directory]
        command += ["--limit", str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                yield json.loads(line)
        if process.returncode != 0:
            raise RuntimeError(f"killrvideo table {table} failed")

    def _queries(self):
        """Of each video, one to three words that somebody who looks for it may type."""
        random = Random(1)
        for row in self._rows("videos", self.size.videos):
            words = re.findall(r"\w+", " ".join([row["name"], *row["tags"]]))
            yield " ".join(random.sample(words, min(len(words), random.randint(1, 3))))

    def _collect_ids(self):
        comments = Counter(
            row["videoid"] for row in self._rows("comments_by_video", self.size.comments)
        )
        most_commented, most = comments.most_common(1)[0]
        return {
            "videos": [row["videoid"] for row in self._rows("videos", self.size.videos)],
            "queries": list(self._queries()),
            "users": [row["userid"] for row in self._rows("users", self.size.users)],
            "commented_videos": [video for video, count in comments.items() if count >= PAGE],
            "walked_video": most_commented if most >= PAGE * WALKED_PAGES else "",
        }
