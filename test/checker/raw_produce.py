"""Writes one record batch (magic 2, uncompressed) straight onto the wire: for what librdkafka can't write, such as the timestamp 0.

Produce version 7, which Kafka 2.1 to 4.x speak. Layout of a batch: kafka.apache.org/documentation/#recordbatch.
"""

import struct

from raw_call import TIMEOUT, addresses_of, call, string

PRODUCE, VERSION = 0, 7


def produce_batch(bootstrap, topic, partition, records):
    """`records`: [(key, value, [(name, value)], timestamp)]. Returns the offset of the first."""
    batch = record_batch(records)
    body = struct.pack(">hhi", -1, -1, TIMEOUT * 1000) + struct.pack(">i", 1) + string(topic)
    body += struct.pack(">iii", 1, partition, len(batch)) + batch
    reader = call(addresses_of(bootstrap)[0], PRODUCE, VERSION, body)
    _topics, _topic, _partitions, _partition = reader.number(">i"), reader.text(), reader.number(">i"), reader.number(">i")
    error, offset = reader.number(">h"), reader.number(">q")
    if error != 0:
        raise RuntimeError(f"{topic}-{partition}: Produce answered with error {error}")
    return offset


def record_batch(records):
    base = records[0][3]
    encoded = b"".join(record(index, base, *fields) for index, fields in enumerate(records))
    tail = struct.pack(
        ">hiqqqhii", 0, len(records) - 1, base, max(fields[3] for fields in records), -1, -1, -1, len(records)
    )
    tail += encoded
    # Leader epoch, magic and checksum come between the length and what the checksum covers.
    return struct.pack(">qiibI", 0, 4 + 1 + 4 + len(tail), -1, 2, crc32c(tail)) + tail


def record(index, base, key, value, headers, timestamp):
    body = b"\x00" + varint(timestamp - base) + varint(index) + data(key) + data(value) + varint(len(headers))
    for name, content in headers:
        body += data(name.encode()) + data(content)
    return varint(len(body)) + body


def data(content):
    return varint(-1) if content is None else varint(len(content)) + content


def varint(number):
    """Zigzag, seven bits a byte, the lowest first."""
    number = (number << 1) ^ (number >> 63)
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc = CASTAGNOLI[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def castagnoli(byte):
    for _ in range(8):
        byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    return byte


CASTAGNOLI = [castagnoli(byte) for byte in range(256)]
