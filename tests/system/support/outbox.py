"""The events that wait in the outbox, decoded."""

from . import stubs

_MESSAGES = {
    message.DESCRIPTOR.full_name: message for message in (
        stubs.users_events.UserCreated, stubs.catalog_events.YouTubeVideoAdded,
        stubs.comments_events.UserCommentedOnVideo, stubs.ratings_events.UserRatedVideo)}


def events(server, *types):
    """All events (of the types with these short names, if any are given), in each key's order."""
    rows = server.table("outbox")
    decoded = [_MESSAGES[row["type"]].FromString(bytes.fromhex(row["payload"].removeprefix("0x")))
               for row in rows]
    return [event for event in decoded if not types or event.DESCRIPTOR.name in types]
