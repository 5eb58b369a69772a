"""Sets a quota of a client id straight on the wire: confluent-kafka has no call for it.

Plain TCP, AlterClientQuotas version 0 (Kafka 2.6 to 4.x). Layout: kafka.apache.org/protocol.
"""

import socket
import struct

from raw_produce import string

ALTER_CLIENT_QUOTAS, VERSION, TIMEOUT = 49, 0, 30


def alter_quota(bootstrap, client_id, key, value):
    """`key`: producer_byte_rate, consumer_byte_rate … `value` None takes the quota away."""
    host, port = bootstrap.split(",")[0].rsplit(":", 1)
    entity = struct.pack(">i", 1) + string("client-id") + string(client_id)
    operation = struct.pack(">i", 1) + string(key) + struct.pack(">d?", value or 0, value is None)
    body = struct.pack(">i", 1) + entity + operation + struct.pack(">?", False)
    request = struct.pack(">hhi", ALTER_CLIENT_QUOTAS, VERSION, 1) + string("checker") + body
    with socket.create_connection((host, int(port)), TIMEOUT) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        response = stream.read(struct.unpack(">i", stream.read(4))[0])
    # Correlation id, throttle time, one entry: its error.
    (error,) = struct.unpack_from(">h", response, 4 + 4 + 4)
    if error != 0:
        raise RuntimeError(f"{client_id}: AlterClientQuotas answered with error {error}")
