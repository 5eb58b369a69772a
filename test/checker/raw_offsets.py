"""Reads what a group has committed straight off the wire.

confluent-kafka takes a commit's metadata for a text that ends with a zero, which librdkafka's copy of it has not: it reads on
into whatever lies behind it, and fails where that is no UTF-8.

FindCoordinator version 0 and OffsetFetch version 2 (Kafka 0.10.2 to 4.x).
"""

import struct
import time

from raw_call import TIMEOUT, addresses_of, call, string

FIND_COORDINATOR, OFFSET_FETCH = 10, 9
ALL_TOPICS = struct.pack(">i", -1)
# COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR
NO_COORDINATOR_YET = (14, 15, 16)


class Answered(RuntimeError):
    def __init__(self, group, call, error):
        super().__init__(f"{group}: {call} answered with error {error}")
        self.error = error


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
    for address in addresses_of(bootstrap):
        try:
            reader = call(address, FIND_COORDINATOR, 0, string(group))
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
