"""Reads committed records and keeps a fingerprint of each: 48 bytes a record, so that millions fit."""

import time
from array import array

from confluent_kafka import Consumer, KafkaError, TopicPartition

from request import client_config

TIMEOUT = 30
# Nothing arrived for so long although the end is not reached: the comparison fails instead of waiting for ever.
STALL_SECONDS = 60
BATCH = 10_000
SHOWN_BYTES = 60


class Log:
    """The records of one partition, in columns. Hashes are those of this process; they are compared inside it only."""

    __slots__ = ("offsets", "keys", "values", "headers", "timestamps")

    def __init__(self):
        self.offsets = array("q")
        self.keys = array("q")
        self.values = array("q")
        self.headers = array("q")
        self.timestamps = array("q")

    def __len__(self):
        return len(self.offsets)

    def append(self, message, with_timestamps):
        self.offsets.append(message.offset())
        self.keys.append(fingerprint(message.key()))
        self.values.append(fingerprint(message.value()))
        headers = message.headers()
        self.headers.append(0 if headers is None else hash(tuple(headers)))
        self.timestamps.append(message.timestamp()[1] if with_timestamps else 0)

    def same_records(self, other):
        return (
            self.values == other.values
            and self.keys == other.keys
            and self.timestamps == other.timestamps
            and self.headers == other.headers
        )

    def fields(self, index):
        return self.keys[index], self.values[index], self.headers[index], self.timestamps[index]

    def record(self, index):
        return hash(self.fields(index))

    def differing_fields(self, index, other, other_index):
        columns = ("key", "value", "headers", "timestamp")
        ours, theirs = self.fields(index), other.fields(other_index)
        return [name for name, mine, its in zip(columns, ours, theirs) if mine != its]


def fingerprint(data):
    """Null is not empty: the hash of b"" is 0 in CPython, that of null is ours to choose."""
    return 1 if data is None else hash(data)


def reader(side):
    return Consumer(
        client_config(
            side,
            **{
                "group.id": "millrace-checker",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "check.crcs": True,
                "fetch.queue.backoff.ms": 5,
                "queued.max.messages.kbytes": 65_536,
                "fetch.message.max.bytes": 4_194_304,
            },
        )
    )


def read_topics(side, topics, first=None, last=None, with_timestamps=True):
    """{(topic, partition): Log} of every partition of the topics, from `first` (or the start) to `last` (or the end)."""
    consumer = reader(side)
    logs, ends, positions = {}, {}, []
    for topic in topics:
        found = consumer.list_topics(topic, timeout=TIMEOUT).topics[topic]
        if found.error is not None:
            raise RuntimeError(f"{topic}: {found.error.str()}")
        for partition in sorted(found.partitions):
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=TIMEOUT)
            start = max(low, bound(first, topic, partition, low))
            end = min(high, bound(last, topic, partition, high))
            logs[(topic, partition)] = Log()
            if start < end:
                ends[(topic, partition)] = end
                positions.append(TopicPartition(topic, partition, start))
    if positions:
        consumer.assign(positions)
        drain(consumer, logs, ends, with_timestamps)
    consumer.close()
    return logs


def bound(bounds, topic, partition, otherwise):
    return (bounds or {}).get(topic, {}).get(str(partition), otherwise)


def drain(consumer, logs, ends, with_timestamps):
    progress = time.monotonic()
    while ends:
        # Waits until the batch is full or the time is over, so a short time ends a short log soon.
        messages = consumer.consume(BATCH, timeout=0.05)
        if not messages and time.monotonic() - progress > STALL_SECONDS:
            raise TimeoutError(f"nothing was read for {STALL_SECONDS} s; not at the end: {sorted(ends)}")
        if messages:
            progress = time.monotonic()
        for message in messages:
            log = (message.topic(), message.partition())
            error = message.error()
            if error is not None:
                if error.code() != KafkaError._PARTITION_EOF:
                    raise RuntimeError(f"{log}: {error.str()}")
                # What ends a partition may be a control record, which nobody sees.
                if log in ends and message.offset() >= ends[log]:
                    finish(consumer, ends, log)
                continue
            if log not in ends:
                continue
            if message.offset() < ends[log]:
                logs[log].append(message, with_timestamps)
            if message.offset() + 1 >= ends[log]:
                finish(consumer, ends, log)


def finish(consumer, ends, log):
    del ends[log]
    consumer.pause([TopicPartition(*log)])


def show(side, topic, partition, offset):
    """One record for people to read; long values are cut."""
    consumer = reader(side)
    consumer.assign([TopicPartition(topic, partition, offset)])
    try:
        message = consumer.poll(TIMEOUT)
        if message is None or message.error() is not None or message.offset() != offset:
            return None
        return {
            "key": readable(message.key()),
            "value": readable(message.value()),
            "headers": [[name, readable(value)] for name, value in message.headers() or []],
            "timestamp": message.timestamp()[1],
        }
    finally:
        consumer.close()


def readable(data):
    if data is None:
        return None
    shown = repr(data[:SHOWN_BYTES])
    return shown if len(data) <= SHOWN_BYTES else f"{shown}… ({len(data)} bytes)"
