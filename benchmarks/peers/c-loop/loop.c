/*
 * The control: the least that a mirror on librdkafka can do, in C. One thread takes batches from the consumer and
 * enqueues every record with its payload copied, its headers moved, its timestamp and partition kept, until the end
 * offsets of the start are delivered.
 *
 *   loop SOURCE-TOPIC TARGET-TOPIC source.NAME=VALUE… target.NAME=VALUE…
 */
#include "client.h"

struct counts {
  int64_t delivered;
  int64_t failed;
};

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  struct counts *counts = opaque;
  if (message->err) {
    if (counts->failed++ == 0) fprintf(stderr, "a record failed: %s\n", rd_kafka_err2str(message->err));
  } else {
    counts->delivered++;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) fail("usage", "loop SOURCE-TOPIC TARGET-TOPIC source.NAME=VALUE... target.NAME=VALUE...");
  struct counts counts = {0, 0};
  rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, configuration("source.", argv + 3, argc - 3));
  rd_kafka_conf_t *conf = configuration("target.", argv + 3, argc - 3);
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  rd_kafka_conf_set_opaque(conf, &counts);
  rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, conf);
  rd_kafka_topic_t *target = rd_kafka_topic_new(producer, argv[2], NULL);

  rd_kafka_poll_set_consumer(consumer);
  int64_t records = assign_all(consumer, argv[1]);
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_message_t *messages[BATCH];
  int64_t enqueued = 0;
  while (enqueued < records) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, POLL_MS, messages, BATCH);
    for (ssize_t i = 0; i < count; i++) {
      rd_kafka_message_t *message = messages[i];
      if (!message->err && enqueued < records) {
        copy(producer, target, message);
        enqueued++;
      } else if (message->err && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        fail("consume", rd_kafka_message_errstr(message));
      }
      rd_kafka_message_destroy(message);
    }
    rd_kafka_poll(producer, 0);
  }
  while (counts.delivered + counts.failed < records) rd_kafka_poll(producer, POLL_MS);

  rd_kafka_queue_destroy(queue);
  rd_kafka_topic_destroy(target);
  rd_kafka_destroy(producer);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  printf("{\"delivered\":%" PRId64 ",\"failed\":%" PRId64 "}\n", counts.delivered, counts.failed);
  return counts.failed > 0;
}
