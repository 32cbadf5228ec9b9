"""What clients write at random, and what of it was acknowledged."""

import collections
import itertools
import threading

from .ids import random_id, timeuuid

NOW = 1_700_000_000_000


class Writes:
    """A few videos and users that all write about, so that they meet."""

    def __init__(self):
        self.videos = [random_id() for _ in range(5)]
        self.users = [random_id() for _ in range(3)]
        self.comments, self.submitted, self.accounts = set(), set(), {}
        self.stars = collections.defaultdict(set)  # What a user's rating of a video may be.
        self.plays = collections.Counter()
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def _comment(self, client, choice, number):
        comment = (choice.choice(self.videos), choice.choice(self.users),
                   timeuuid(NOW + next(self._numbers), node=number))
        client.comment(*comment)
        self.comments.add(comment)

    def _submit(self, client, choice, _):
        video_id = random_id()
        client.submit(video_id, choice.choice(self.users))
        self.submitted.add(video_id)

    def _rating(self, choice, number):
        """The video and the user of a rating, and its stars. Each client rates as users of its own,
        so that it knows which rating was the last."""
        user_id = f"{number:08x}-0000-4000-8000-{choice.randrange(3):012x}"
        return (choice.choice(self.videos), user_id), choice.randint(1, 5)
