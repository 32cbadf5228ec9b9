"""Walking through the pages of a listing."""

import itertools


def walk(fetch, page_sizes=(100,), **first):
    """All rows of a listing: `fetch(page_size=…, paging_state=…)` gets rows and a paging state.

    `page_sizes` are used in turn; `first` goes with the first request only."""
    rows, state = [], None
    for size in itertools.cycle(page_sizes):
        page, state = fetch(page_size=size, **(first if state is None else {"paging_state": state}))
        assert len(page) <= size
        assert page or not state, "an empty page promises more"
        rows += page
        if not state:
            return rows


def comments_of_video(client, video_id):
    def fetch(**fields):
        response = client.video_comments(video_id, **fields)
        return list(response.comments), response.paging_state
    return fetch


def comments_of_user(client, user_id):
    def fetch(**fields):
        response = client.user_comments(user_id, **fields)
        return list(response.comments), response.paging_state
    return fetch


def videos_of_user(client, user_id):
    def fetch(**fields):
        response = client.user_videos(user_id, **fields)
        return list(response.video_previews), response.paging_state
    return fetch


def latest_videos(client):
    def fetch(**fields):
        response = client.latest(**fields)
        return list(response.video_previews), response.paging_state
    return fetch


def comment_ids(rows):
    return [row.comment_id.value for row in rows]


def video_ids(rows):
    return [row.video_id.value for row in rows]
