"""Reads what a group has committed straight off the wire.

confluent-kafka takes a commit's metadata for a text that ends with a zero, which librdkafka's copy of it has not: it reads on
into whatever lies behind it, and fails where that is no UTF-8.

Plain TCP, FindCoordinator version 0 and OffsetFetch version 2 (Kafka 0.10.2 to 4.x). Layouts: kafka.apache.org/protocol.
"""

import socket
import struct
import time

from raw_produce import string

FIND_COORDINATOR, OFFSET_FETCH, TIMEOUT = 10, 9, 30
ALL_TOPICS = struct.pack(">i", -1)
# COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR
NO_COORDINATOR_YET = (14, 15, 16)


class Answered(RuntimeError):
    def __init__(self, group, call, error):
        super().__init__(f"{group}: {call} answered with error {error}")
        self.error = error


class Reader:
    """Takes a response apart, from its correlation id on."""

    def __init__(self, response):
        self.response = response
        self.at = 4

    def number(self, layout):
        (number,) = struct.unpack_from(layout, self.response, self.at)
        self.at += struct.calcsize(layout)
        return number

    def text(self):
        length = self.number(">h")
        if length < 0:
            return None
        self.at += length
        return self.response[self.at - length : self.at].decode()


def fetch_offsets(bootstrap, group):
    """→ {topic: {partition: {"offset", "metadata"}}}; what has no commit is left out."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return ask_coordinator(find_coordinator(bootstrap, group), group)
        except (Answered, OSError) as error:
            passing = not isinstance(error, Answered) or error.error in NO_COORDINATOR_YET
            if not passing or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def find_coordinator(bootstrap, group):
    """Asks the first broker that answers."""
    refused = None
    for address in bootstrap.split(","):
        host, port = address.rsplit(":", 1)
        try:
            reader = call((host, int(port)), FIND_COORDINATOR, 0, string(group))
        except OSError as error:
            refused = error
            continue
        error, _node = reader.number(">h"), reader.number(">i")
        if error != 0:
            raise Answered(group, "FindCoordinator", error)
        return reader.text(), reader.number(">i")
    raise refused


def ask_coordinator(address, group):
    reader = call(address, OFFSET_FETCH, 2, string(group) + ALL_TOPICS)
    found = {}
    for _ in range(reader.number(">i")):
        topic = reader.text()
        for _ in range(reader.number(">i")):
            partition, offset = reader.number(">i"), reader.number(">q")
            metadata, error = reader.text(), reader.number(">h")
            if error != 0:
                raise Answered(f"{group}, {topic}-{partition}", "OffsetFetch", error)
            if offset >= 0:
                found.setdefault(topic, {})[partition] = {"offset": offset, "metadata": metadata}
    error = reader.number(">h")
    if error != 0:
        raise Answered(group, "OffsetFetch", error)
    return found


def call(address, api, version, body):
    request = struct.pack(">hhi", api, version, 1) + string("checker") + body
    with socket.create_connection(address, TIMEOUT) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        size = stream.read(4)
        if len(size) < 4:
            raise ConnectionError(f"{address[0]}:{address[1]} closed the connection")
        return Reader(stream.read(struct.unpack(">i", size)[0]))
