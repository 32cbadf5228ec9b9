"""What ratings make related, by the definition."""

import collections
import random

from .ids import random_id
from .paging import video_ids

LIKED = 3


class Fans:
    """Videos and the ratings that users gave them, known here and to the server."""

    def __init__(self, client, videos, tags=()):
        self.videos = [random_id() for _ in range(videos)]
        self.stars = {}
        for n, video_id in enumerate(self.videos):
            client.submit(video_id, random_id(), f"Video {n}", tags=tags)

    def rate(self, client, video_id, user_id, stars):
        client.rate(video_id, user_id, stars)
        self.stars[video_id, user_id] = stars

    def scores(self, video_id):
        """The definition: who likes this video gives each other one that they like its stars."""
        fans = {user for (video, user), stars in self.stars.items()
                if video == video_id and stars >= LIKED}
        scores = collections.Counter()
        for (video, user), stars in self.stars.items():
            if user in fans and video != video_id and stars >= LIKED:
                scores[video] += stars
        return scores

    def all_scores(self):
        """Those of every video with every other one."""
        return {(video_id, other_id): score for video_id in self.videos
                for other_id, score in self.scores(video_id).items()}


def best_first(scores):
    return [video for video, _ in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]


def related(client, video_id, **fields):
    return video_ids(client.related(video_id, **fields).videos)


def suggested(client, user_id, **fields):
    return video_ids(client.suggested(user_id, **fields).videos)


def rate_at_random(client, fans, users, count, seed):
    choice = random.Random(seed)
    for _ in range(count):
        fans.rate(client, choice.choice(fans.videos), choice.choice(users), choice.randint(1, 5))


def all_related_are_right(client, fans, **fields):
    return all(related(client, video, **fields) == best_first(fans.scores(video))
               for video in fans.videos)
