"""What the three programs share: a JSON request on standard input, a JSON answer on standard output."""

import json
import sys


def read_request():
    return json.load(sys.stdin)


def answer(document):
    json.dump(document, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


def client_config(side, **ours):
    """librdkafka properties of `{"bootstrap": …, "config": {…}}`; the request wins over ours."""
    return {"bootstrap.servers": side["bootstrap"], "allow.auto.create.topics": False, **ours, **side.get("config", {})}
