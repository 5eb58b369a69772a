"""Writes records: a JSON request in, {"records", "partitions": {partition: count}, "aborted"} out.

{
  "bootstrap": "127.0.0.1:9092", "config": {}, "topic": "orders", "partitions": 4,
  "kind": "plain" | "odd" | "transactional" | "explicit" | "mixed",   mixed: odd ones of every codec, some in transactions (mixed_load.py)
  "records": 1000,             all kinds; 0 = until "seconds" have passed or SIGTERM arrives (plain)
  "seconds": 0, "rate": 0,     plain: bounds; rate in records a second, 0 = as fast as it goes
  "size": 100, "payload": "random" | "json", "keys": "none" | "sequence", "headers": 0,   plain and transactional
  "timestamps": {"first": 1, "step": 10},   ms; otherwise now
  "codecs": ["none"],          in turn, a new one every 8 records for odd ones
  "firstSequence": 0, "seed": 1,
  "perTransaction": 100, "abortEvery": 3, "leaveOpen": false               transactional
  "explicit": [{"partition", "key", "value", "headers", "timestamp"}]      explicit: bytes in hexadecimal, as admin.py reads them
  "raw": false                 explicit: without librdkafka, for what it can't write (timestamp 0); plain TCP only
}
"""

import itertools
import signal
import sys
import time
import uuid

from confluent_kafka import Producer

from mixed_load import MixedLoad
from raw_produce import produce_batch
from records import odd_records, plain_records
from request import answer, client_config, read_request

FLUSH_TIMEOUT = 120
CODEC_RUN = 8
failures = []
stopping = False


def report(error, _message):
    if error is not None:
        failures.append(error.str())


def make_producer(request, codec, **extra):
    ours = {
        "acks": "all",
        "enable.idempotence": True,
        "compression.type": codec,
        "linger.ms": 20,
        "batch.size": 262_144,
        "message.max.bytes": 1_000_000,
        "queue.buffering.max.messages": 200_000,
        "queue.buffering.max.kbytes": 131_072,
        "delivery.report.only.error": True,
        "on_delivery": report,
        # A topic made a moment ago may not be known everywhere; the default gives up on it.
        "topic.metadata.propagation.max.ms": 30_000,
        **extra,
    }
    return Producer(client_config(request, **ours))


def send(producer, topic, record):
    partition, key, value, headers, timestamp = record
    while True:
        try:
            producer.produce(topic, value, key, partition, timestamp=timestamp, headers=headers)
            return
        except BufferError:
            producer.poll(0.1)


def flush(producer):
    if producer.flush(FLUSH_TIMEOUT) > 0:
        raise TimeoutError("records are still unsent")
    if failures:
        raise RuntimeError(f"{len(failures)} records were refused, the first: {failures[0]}")


def write_plain(request, counts):
    producer = make_producer(request, request.get("codecs", ["none"])[0])
    topic, rate, seconds = request["topic"], request.get("rate", 0), request.get("seconds", 0)
    limit = request.get("records", 0) or None
    started = time.monotonic()
    chunk = max(1, min(1000, rate // 50)) if rate else 1000
    records = itertools.islice(plain_records(request), limit)
    sent = 0
    while not stopping and not (seconds and time.monotonic() - started > seconds):
        run = list(itertools.islice(records, chunk))
        if not run:
            break
        for record in run:
            send(producer, topic, record)
            counts[record[0]] = counts.get(record[0], 0) + 1
        sent += len(run)
        producer.poll(0)
        if rate:
            ahead = sent / rate - (time.monotonic() - started)
            if ahead > 0:
                time.sleep(ahead)
    flush(producer)


def write_odd(request, counts):
    codecs = request.get("codecs", ["none"])
    producers = [make_producer(request, codec) for codec in codecs]
    records = odd_records(
        request.get("records", 500), request["partitions"], request.get("firstSequence", 0), request.get("seed", 1)
    )
    for index, record in enumerate(records):
        producer = producers[index // CODEC_RUN % len(producers)]
        send(producer, request["topic"], record)
        counts[record[0]] = counts.get(record[0], 0) + 1
        # The next producer's records must come after this one's.
        if len(producers) > 1 and index % CODEC_RUN == CODEC_RUN - 1:
            flush(producer)
    for producer in producers:
        flush(producer)


def write_explicit(request, counts):
    topic = request["topic"]
    records = [explicit_record(record) for record in request["explicit"]]
    for partition, *_rest in records:
        counts[partition] = counts.get(partition, 0) + 1
    if request.get("raw"):
        for partition in counts:
            produce_batch(request["bootstrap"], topic, partition, [rest for to, *rest in records if to == partition])
        return
    # An idempotent producer first waits half a second for its id.
    in_order = {"enable.idempotence": False, "max.in.flight": 1}
    producer = make_producer(request, request.get("codecs", ["none"])[0], **in_order)
    for partition, key, value, headers, timestamp in records:
        send(producer, topic, (partition, key, value, headers or None, timestamp))
    flush(producer)


def explicit_record(record):
    headers = [(name, binary(value)) for name, value in record.get("headers") or []]
    key, value = binary(record.get("key")), binary(record.get("value"))
    return record.get("partition", 0), key, value, headers, record.get("timestamp", 0)


def binary(text):
    return None if text is None else bytes.fromhex(text)


def write_transactions(request, counts):
    producer = make_producer(
        request, request.get("codecs", ["none"])[0], **{"transactional.id": f"checker-{uuid.uuid4()}"}
    )
    producer.init_transactions(60)
    records = itertools.islice(plain_records(request), request.get("records", 1000))
    every = request.get("abortEvery", 3)
    aborted = 0
    for number in itertools.count(1):
        run = list(itertools.islice(records, request.get("perTransaction", 100)))
        if not run:
            break
        producer.begin_transaction()
        for record in run:
            send(producer, request["topic"], record)
        flush(producer)
        if every and number % every == 0:
            producer.abort_transaction(60)
            aborted += len(run)
            continue
        producer.commit_transaction(60)
        for record in run:
            counts[record[0]] = counts.get(record[0], 0) + 1
    if request.get("leaveOpen"):
        producer.begin_transaction()
        for record in itertools.islice(plain_records({**request, "firstSequence": 10**9}), request["partitions"]):
            send(producer, request["topic"], record)
        flush(producer)
    return aborted


def write_mixed(request, counts):
    load = MixedLoad(request, lambda: stopping)
    load.counts = counts
    load.write()
    return load.aborted


def stop(_signal, _frame):
    global stopping
    stopping = True


def main():
    request = read_request()
    request.setdefault("partitions", 1)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    counts = {}
    started = time.monotonic()
    kinds = {
        "plain": write_plain,
        "odd": write_odd,
        "transactional": write_transactions,
        "explicit": write_explicit,
        "mixed": write_mixed,
    }
    aborted = kinds[request.get("kind", "plain")](request, counts) or 0
    answer(
        {
            "records": sum(counts.values()),
            "partitions": counts,
            "aborted": aborted,
            "seconds": round(time.monotonic() - started, 3),
        }
    )
    if request.get("leaveOpen"):
        # A regular exit would abort the open transaction.
        sys.stdout.flush()
        import os

        os._exit(0)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
