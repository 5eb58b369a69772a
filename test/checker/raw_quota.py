"""Sets a quota of a client id: confluent-kafka has no call for it.

AlterClientQuotas version 0 (Kafka 2.6 to 4.x).
"""

import struct

from raw_call import addresses_of, call, string

ALTER_CLIENT_QUOTAS, VERSION = 49, 0


def alter_quota(bootstrap, client_id, key, value):
    """`key`: producer_byte_rate, consumer_byte_rate … `value` None takes the quota away."""
    entity = struct.pack(">i", 1) + string("client-id") + string(client_id)
    operation = struct.pack(">i", 1) + string(key) + struct.pack(">d?", value or 0, value is None)
    body = struct.pack(">i", 1) + entity + operation + struct.pack(">?", False)
    reader = call(addresses_of(bootstrap)[0], ALTER_CLIENT_QUOTAS, VERSION, body)
    _throttle, _entries, error = reader.number(">i"), reader.number(">i"), reader.number(">h")
    if error != 0:
        raise RuntimeError(f"{client_id}: AlterClientQuotas answered with error {error}")
