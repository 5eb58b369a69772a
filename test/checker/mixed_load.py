"""A load of everything that Kafka takes, written without end while faults happen.

Chunks of odd records go through one producer per codec, by chance; every few chunks are transactions, of which some are aborted. What the
source's log holds in the end is the truth, so a record that can't be delivered while a broker is away is no error.
"""

import itertools
import random
import time
import uuid

from confluent_kafka import KafkaException, Producer

from records import mixed_records
from request import client_config

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
CHUNK = 40
TRANSACTION_EVERY = 6
ABORT_EVERY = 3
# A fault of a minute is waited for; a writer that is told to stop isn't held up by one for long.
TIMEOUT = 90


class MixedLoad:
    def __init__(self, request, stopped):
        self.request = request
        self.stopped = stopped
        self.counts = {}
        self.aborted = 0
        self.producers = [self.producer(codec) for codec in CODECS]
        self.transactional = None
        self.transactional_id = f"mixed-{uuid.uuid4()}"

    def producer(self, codec, **extra):
        ours = {
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": codec,
            "linger.ms": 5,
            "message.max.bytes": 8_000_000,
            "queue.buffering.max.kbytes": 65_536,
            "delivery.timeout.ms": TIMEOUT * 1000,
            "topic.metadata.propagation.max.ms": 30_000,
            **extra,
        }
        return Producer(client_config(self.request, **ours))

    def write(self):
        request = self.request
        rate, limit = request.get("rate", 0), request.get("records", 0) or None
        records = itertools.islice(mixed_records(request), limit)
        chance = random.Random(request.get("seed", 1))
        started, sent = time.monotonic(), 0
        for number in itertools.count():
            run = list(itertools.islice(records, CHUNK))
            if not run or self.stopped():
                break
            if number % TRANSACTION_EVERY == TRANSACTION_EVERY - 1:
                self.transaction(run, abort=number // TRANSACTION_EVERY % ABORT_EVERY == 0)
            else:
                self.send(chance.choice(self.producers), run)
            sent += len(run)
            ahead = sent / rate - (time.monotonic() - started) if rate else 0
            if ahead > 0:
                time.sleep(min(ahead, 1))
        for producer in self.producers:
            producer.flush(TIMEOUT)

    def send(self, producer, run):
        def delivered(error, message):
            if error is None:
                self.counts[message.partition()] = self.counts.get(message.partition(), 0) + 1

        for partition, key, value, headers, timestamp in run:
            while True:
                try:
                    producer.produce(
                        self.request["topic"], value, key, partition, on_delivery=delivered, timestamp=timestamp, headers=headers
                    )
                    break
                except BufferError:
                    producer.poll(0.2)
                    if self.stopped():
                        return
        producer.poll(0)

    def transaction(self, run, abort):
        """One that fails is aborted; what became of it is what the log says."""
        if self.transactional is None:
            # The same id again ends what its predecessor left open.
            ids = {"transactional.id": self.transactional_id, "transaction.timeout.ms": TIMEOUT * 1000}
            producer = self.producer("lz4", **ids)
        else:
            producer = self.transactional
        try:
            if self.transactional is None:
                producer.init_transactions(TIMEOUT)
                self.transactional = producer
            producer.begin_transaction()
            for partition, key, value, headers, timestamp in run:
                producer.produce(self.request["topic"], value, key, partition, timestamp=timestamp, headers=headers)
            producer.flush(TIMEOUT)
            if abort:
                producer.abort_transaction(TIMEOUT)
                self.aborted += len(run)
                return
            producer.commit_transaction(TIMEOUT)
            for partition, *_rest in run:
                self.counts[partition] = self.counts.get(partition, 0) + 1
        except (KafkaException, BufferError):
            self.transactional = None
