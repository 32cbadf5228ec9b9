"""W3C Trace Context: one request is followed by its trace id, through events and processes."""

import re
import secrets

import grpc
import pytest

from support.ids import random_id
from support.kafka import DEAD_LETTERS, RATINGS, headers_of
from support.program import run
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

DEBUG = ("--log-level", "debug")


class Trace:
    """One that somebody else has begun."""

    def __init__(self):
        self.id, self.span = secrets.token_hex(16), secrets.token_hex(8)
        self.parent = f"00-{self.id}-{self.span}-01"

    @property
    def metadata(self):
        return [("traceparent", self.parent)]


def lines(server, message, **fields):
    """The fields of the log lines with this message and these fields."""
    found = [dict(re.findall(r'(\S+?)=("(?:[^"\\]|\\.)*"|\S+)', line.split(message, 1)[1]))
             for line in server.log.splitlines() if f" {message} " in line]
    return [line for line in found if fields.items() <= line.items()]


def the_line(server, message, **fields):
    line, = eventually(lambda: lines(server, message, **fields), 30, f"a line {message} {fields}")
    return line


def test_a_call_and_what_its_event_leads_to_are_of_one_trace(launch):
    server, trace = launch(*DEBUG), Trace()
    server.client.submit(random_id(), random_id(), metadata=trace.metadata)
    call = the_line(server, "call", trace=trace.id)
    assert call["rpc"].endswith("VideoCatalogService/SubmitYouTubeVideo")
    handled = [the_line(server, "event", trace=trace.id, handler=handler)
               for handler in ("tags", "search")]
    spans = {line["span"] for line in (call, *handled)}
    assert len(spans) == 2 and trace.span not in spans  # Handlers of an event share its span.


@pytest.mark.parametrize("parent", [
    None, "", "00", "00-" + "0" * 32 + "-" + "1" * 16 + "-01",
    "ff-" + "1" * 32 + "-" + "1" * 16 + "-01", "00-" + "A" * 32 + "-" + "1" * 16 + "-01",
    "00-" + "1" * 32 + "-" + "1" * 16 + "-01-more"])
def test_a_call_without_a_good_parent_begins_a_trace(launch, parent):
    server = launch(*DEBUG)
    metadata = [] if parent is None else [("traceparent", parent)]
    video_id = random_id()
    server.client.rate(video_id, random_id(), 5, metadata=metadata)
    call = the_line(server, "call")
    assert re.fullmatch("[0-9a-f]{32}", call["trace"]) and call["trace"] not in (parent or "-")
    assert the_line(server, "event", key=video_id)["trace"] == call["trace"]


def test_several_parents_are_none(launch):
    server, one, other = launch(*DEBUG), Trace(), Trace()
    server.client.call("GetRating", video_id=random_id(), metadata=one.metadata + other.metadata)
    assert the_line(server, "call")["trace"] not in (one.id, other.id)


def test_http_requests_are_logged_with_their_trace(launch):
    server, trace = launch(*DEBUG), Trace()
    assert server.get("/readyz", headers=trace.metadata)[0] == 200
    assert the_line(server, "http", trace=trace.id)["path"] == "/readyz"
    assert server.get("/nowhere", headers=trace.metadata)[0] == 404
    the_line(server, "http", trace=trace.id, status="404")


def test_the_command_line_sends_one(launch):
    server, trace = launch(*DEBUG), Trace()
    run("call", "GetRating", f'{{"video_id": {{"value": "{random_id()}"}}}}',
        "--grpc-address", server.grpc_address, "--traceparent", trace.parent)
    the_line(server, "call", trace=trace.id)


@pytest.mark.timeout(180)
class TestCassandra:
    def test_a_trace_goes_on_in_another_process_over_kafka(self, launch_process, kafka):
        asked = launch_process(*DEBUG, *kafka.flags(), "--deliver-events", "off")
        consuming = launch_process(*DEBUG, *kafka.flags(), "--services", "suggestions")
        trace, video_id = Trace(), random_id()
        asked.client.rate(video_id, random_id(), 5, metadata=trace.metadata)
        call = the_line(asked, "call", trace=trace.id)
        produced = the_line(consuming, "event", trace=trace.id, handler="kafka")
        passed_on = the_line(consuming, "event", trace=trace.id, handler="recommender")
        counted = the_line(consuming, "event", trace=trace.id, handler="recommender-likes")
        record, = [record for record in kafka.records(RATINGS)
                   if record.key() == video_id.encode()]
        assert headers_of(record)["traceparent"] == f"00-{trace.id}-{produced['span']}-01"
        spans = {line["span"] for line in (call, produced, passed_on, counted)}
        assert len(spans) == 4
        eventually(lambda: lines(consuming, "event", trace=trace.id,
                                 handler="recommender-scores"), 30, "changed scores")

    def test_what_failed_is_told_with_the_trace_of_its_request(self, launch_process, kafka):
        server = launch_process(*kafka.flags(), "--event-tries", "1")
        trace, video_id = Trace(), random_id()
        server.engine.drop_table(server.data_dir, "videos_by_tag")
        server.client.submit(video_id, random_id(), tags=["lost"], metadata=trace.metadata)
        the_line(server, "an event became a dead letter", trace=trace.id)
        dead, = [record for record in kafka.records(DEAD_LETTERS)
                 if record.key() == video_id.encode()]
        assert trace.id in headers_of(dead)["traceparent"]
        server.engine.drop_table(server.data_dir, "video_ratings")
        with pytest.raises(grpc.RpcError) as failed:
            server.client.call("GetRating", video_id=video_id, metadata=trace.metadata)
        assert failed.value.code() == grpc.StatusCode.INTERNAL
        the_line(server, "call failed", trace=trace.id)
