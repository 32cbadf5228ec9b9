"""The events that wait in the outbox, decoded.

They stay there only as long as nobody delivers them: see KEEPING_EVENTS.
"""

import collections

from . import stubs

# Flags of a server that leaves its events in the outbox.
KEEPING_EVENTS = ("--deliver-events", "off")

_MESSAGES = {
    message.DESCRIPTOR.full_name: message for message in (
        stubs.users_events.UserCreated, stubs.catalog_events.YouTubeVideoAdded,
        stubs.comments_events.UserCommentedOnVideo, stubs.ratings_events.UserRatedVideo)}


def events(server, *types):
    """All events (of the types with these short names, if any are given), in each key's order."""
    rows = server.table("outbox_events")
    decoded = [_MESSAGES[row["type"]].FromString(bytes.fromhex(row["payload"].removeprefix("0x")))
               for row in rows]
    return [event for event in decoded if not types or event.DESCRIPTOR.name in types]


def facts(server):
    """What the events in the outbox tell, as sets by the names of their types."""
    told = collections.defaultdict(set)
    for event in events(server):
        told[event.DESCRIPTOR.name].add(_FACTS[event.DESCRIPTOR.name](event))
    return told


_FACTS = {
    "UserCommentedOnVideo": lambda event: (
        event.video_id.value, event.user_id.value, event.comment_id.value),
    "YouTubeVideoAdded": lambda event: event.video_id.value,
    "UserRatedVideo": lambda event: (event.video_id.value, event.user_id.value, event.rating),
    "UserCreated": lambda event: event.user_id.value,
}
