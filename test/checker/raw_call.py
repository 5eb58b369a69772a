"""One request straight on the wire and its response taken apart: for what confluent-kafka has no call for, or a wrong one.

Plain TCP, classic (not flexible) versions. Layouts: kafka.apache.org/protocol.
"""

import socket
import struct

TIMEOUT = 30


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


def addresses_of(bootstrap):
    pairs = (address.rsplit(":", 1) for address in bootstrap.split(","))
    return [(host, int(port)) for host, port in pairs]


def call(address, api, version, body):
    request = struct.pack(">hhi", api, version, 1) + string("checker") + body
    with socket.create_connection(address, TIMEOUT) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        size = stream.read(4)
        if len(size) < 4:
            raise ConnectionError(f"{address[0]}:{address[1]} closed the connection")
        return Reader(stream.read(struct.unpack(">i", size)[0]))


def string(text):
    encoded = text.encode()
    return struct.pack(">h", len(encoded)) + encoded
