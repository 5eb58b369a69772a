"""What the three programs share: a JSON request on standard input, a JSON answer on standard output."""

import ctypes
import json
import signal
import sys

PR_SET_PDEATHSIG = 1


def read_request():
    # A writer without end must not outlive the test that started it, however that one ends (prctl(2)).
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return json.load(sys.stdin)


def answer(document):
    json.dump(document, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


def client_config(side, **ours):
    """librdkafka properties of `{"bootstrap": …, "config": {…}}`; the request wins over ours."""
    return {"bootstrap.servers": side["bootstrap"], "allow.auto.create.topics": False, **ours, **side.get("config", {})}
