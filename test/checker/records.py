"""The records that write.py writes: generators of (partition, key, value, headers, timestamp in ms)."""

import itertools
import json
import random
import time

HEADERS = [
    None,
    [("plain", b"text")],
    [("null", None)],
    [("empty", b"")],
    [("binary", b"\xff\xfe\x00\x80\x41")],
    [("null", None), ("empty", b""), ("null", b"now a value")],
    [("same", b"1"), ("same", b"2"), ("same", b"1"), ("same", None)],
    [("", b"the name is empty")],
    [("", None), ("", b"")],
    [("__proto__", b"\x01")],
    [("__proto__", None), ("constructor", b"x"), ("toString", b""), ("hasOwnProperty", b"0")],
    [("length", b"3"), ("0", b"zero"), ("1", b"one")],
    [(f"header-{number}", bytes([number]) * number) for number in range(20)],
    [("Größe-名前-😀", "çırpı 名".encode())],
    [("spaces and\ttabs", b"\r\n"), ("long", b"L" * 5000)],
    [("n" * 300, b"a long name")],
]
KEYS = [None, b"", b"key", b"\x00", b"\xff\xfe\x00\x80\x41", "ключ".encode(), b"k" * 2000]
SIZES = [None, 0, 1, 2, 31, 100, 1000, 1024, 4095, 10_000, 65_536, 100_000, 500_000, 900_000]
DAY = 86_400_000


def timestamps_between_epoch_and_future(now):
    """The last is inside the hour by which Kafka 4 lets a record be early."""
    return [1, 2, 999, 86_400_000, 1_000_000_000_000, now - 30 * DAY, now - 8 * DAY, now - 1, now, now + 30 * 60_000]


def odd_records(count, partitions, first_sequence=0, seed=1):
    """Each curated key, value size, header list and timestamp at least once, then random mixes of them (values up to 100 kB)."""
    chance = random.Random(seed)
    times = timestamps_between_epoch_and_future(int(time.time() * 1000))
    curated = []
    longest = max(len(KEYS), len(SIZES), len(HEADERS), len(times))
    for index in range(longest):
        curated.append((KEYS[index % len(KEYS)], SIZES[index % len(SIZES)], HEADERS[index % len(HEADERS)], times[index % len(times)]))
    for key in (None, b""):
        for size in (None, 0):
            curated.append((key, size, None, times[-2]))
            curated.append((key, size, HEADERS[5], times[-2]))
    small = [size for size in SIZES if size is None or size <= 10_000] * 10 + [100_000]
    for index in range(count):
        sequence = first_sequence + index
        if index < len(curated):
            key, size, headers, timestamp = curated[index]
        else:
            key, size = chance.choice(KEYS), chance.choice(small)
            headers, timestamp = chance.choice(HEADERS), chance.choice(times)
        partition = sequence % partitions
        yield partition, key, numbered_value(chance, partition, sequence // partitions, size), headers, timestamp


MIXED_SIZES = [None, 0, 1, 31, 100, 100, 100, 1000, 1024, 4095, 10_000]
LARGE_EVERY = 500


def mixed_records(request):
    """Endless odd records, each of which can be told from every other: by its numbered value, or else by its timestamp."""
    partitions, first = request.get("partitions", 1), request.get("firstSequence", 0)
    largest = request.get("largest", 2_000_000)
    chance = random.Random(request.get("seed", 1))
    times = timestamps_between_epoch_and_future(int(time.time() * 1000))
    for index in itertools.count(first):
        partition = index % partitions
        size = largest if index % LARGE_EVERY == LARGE_EVERY - 1 else chance.choice(MIXED_SIZES)
        numbered = size is not None and size > 30
        timestamp = chance.choice(times) if numbered else 1_000_000_000_000 + index
        value = numbered_value(chance, partition, index // partitions, size)
        yield partition, chance.choice(KEYS), value, chance.choice(HEADERS), timestamp


def numbered_value(chance, partition, sequence, size):
    if size is None:
        return None
    number = b"%d:%d:" % (partition, sequence)
    if size <= len(number):
        return number[:size] if size < 3 else chance.randbytes(size)
    return number + chance.randbytes(size - len(number))


def plain_records(request):
    """Endless; a value starts with the partition and its sequence number there."""
    partitions = request.get("partitions", 1)
    size = request.get("size", 100)
    first = request.get("firstSequence", 0)
    keyed = request.get("keys", "none") == "sequence"
    headers = [(f"h{number}", b"header value") for number in range(request.get("headers", 0))] or None
    timestamps = request.get("timestamps")
    chance = random.Random(request.get("seed", 1))
    filler = json_filler(chance, size) if request.get("payload", "random") == "json" else chance.randbytes(size + 65_536)
    windows = len(filler) - size
    index = first
    while True:
        partition, sequence = index % partitions, index // partitions
        number = b"%d:%d:" % (partition, sequence)
        start = index * 7919 % windows
        value = (number + filler[start : start + size - len(number)])[:size]
        key = b"key-%d" % sequence if keyed else None
        timestamp = timestamps["first"] + index * timestamps.get("step", 1) if timestamps else 0
        yield partition, key, value, headers, timestamp
        index += 1


def json_filler(chance, size):
    text = bytearray()
    while len(text) < size + 65_536:
        record = {
            "id": chance.randrange(10**9),
            "customer": f"customer-{chance.randrange(5000)}",
            "state": chance.choice(["NEW", "PAID", "SHIPPED", "RETURNED"]),
            "amount": round(chance.random() * 1000, 2),
            "at": 1_700_000_000_000 + chance.randrange(10**9),
        }
        text += json.dumps(record).encode()
    return bytes(text)
