"""Clients of Kafka that share no code with the program's, and a broker of a test's own."""

import json
import re
import subprocess

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from .program import free_port
from .tool_server import ToolServer
from .waiting import eventually, seconds

DEAD_LETTERS = "topic-kv-deadLetters"
USERS, VIDEOS, RATINGS, COMMENTS = (f"topic-kv-{name}" for name in (
    "userCreation", "videoCreation", "videoRating", "commentCreation"))
# What a broker says of a topic that it has only just made, or after its start.
_SOON = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE,
         KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_PARTITION,
         KafkaError.COORDINATOR_LOAD_IN_PROGRESS)
USER, PASSWORD = "killrvideo", "killrvideo-secret"  # Of `tools/servers start kafka --sasl`.


class Clients:
    """Of a broker that somebody runs."""

    def __init__(self, address):
        self.address = address

    def produce(self, topic, records):
        """Produces (key, value, headers), and waits for the broker to have them."""
        producer = Producer({"bootstrap.servers": self.address, "enable.idempotence": True})
        failures = []
        for key, value, headers in records:
            producer.produce(topic, value, key, headers=headers,
                             on_delivery=lambda error, _: error and failures.append(error))
            producer.poll(0)
        producer.flush(seconds(30))
        assert not failures and len(producer) == 0, failures[:3]

    def records(self, topic):
        """All records of a topic, in the order of each partition."""
        def read(client, partitions):
            records = []
            for partition in partitions:
                _, end = client.get_watermark_offsets(partition, timeout=seconds(20))
                client.assign([partition])
                at = 0
                while at < end:
                    record = client.poll(seconds(20))
                    assert record is not None and not record.error(), record and record.error()
                    records.append(record)
                    at = record.offset() + 1
            return records
        return self._ask("a-test", topic, read)

    def committed(self, group, topic):
        """How many records of a topic a group has done with, in all partitions."""
        return self._ask(group, topic, lambda client, partitions: sum(
            max(partition.offset, 0)
            for partition in client.committed(partitions, timeout=seconds(20))))

    def _ask(self, group, topic, question):
        client = Consumer({"bootstrap.servers": self.address, "group.id": group,
                           "enable.auto.commit": False})

        def answer():
            try:
                found = client.list_topics(topic, timeout=seconds(20)).topics[topic]
                return [question(client, [TopicPartition(topic, number, 0)
                                          for number in found.partitions])]
            except KafkaException as error:
                if error.args[0].code() not in _SOON:
                    raise
                return None
        try:
            return eventually(answer, 30, f"an answer about {topic}")[0]
        finally:
            client.close()

    def kcat(self, topic):
        """What kcat reads of a topic, one object for each record."""
        done = subprocess.run(["kcat", "-C", "-J", "-e", "-q", "-o", "beginning",
                               "-b", self.address, "-t", topic], check=True, capture_output=True,
                              timeout=seconds(30))
        return [json.loads(line.decode(errors="surrogateescape"))
                for line in done.stdout.splitlines()]


class Kafka(ToolServer, Clients):
    """One broker."""

    kind = "kafka"

    def __init__(self, directory, *options):
        port = free_port()
        self.tls = directory / "kafka" / "tls"
        ToolServer.__init__(self, directory, "--ip", "127.0.0.1", "--port", port, *options)
        Clients.__init__(self, f"127.0.0.1:{port}")

    def flags(self, prefix=None):
        return ["--kafka-bootstrap-servers", self.address,
                *(["--kafka-group-prefix", prefix] if prefix else [])]


def headers_of(record):
    return {name: value.decode() for name, value in record.headers() or []}


def metrics(server, name):
    """The values of a metric by the values of its labels, in the order of the labels' names."""
    found = re.findall(rf"^killrvideo_kafka_{name}(?:{{(.*)}})? (\S+)$", server.get("/metrics")[1],
                       re.M)
    return {tuple(value for _, value in sorted(re.findall(r'(\w+)="([^"]*)"', labels))):
            float(value) for labels, value in found}


def wait_until_consumed(server, limit=150):
    """Waits until the outbox is empty and nothing lies in Kafka that a handler has not taken.

    On a cluster that takes a minute and a half where other tests have told of videos on the same
    broker: in the server's own store their rows are late."""
    eventually(lambda: not server.table("outbox_events"), limit, "an empty outbox")
    eventually(lambda: _all_taken(metrics(server, "consumer_lag")), limit, "no lag")


def _all_taken(lag):
    return lag and not any(lag.values())
