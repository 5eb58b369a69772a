/*
 * One side of a mirror alone, in C: the control of the suites consume and produce.
 *
 *   sides consume TOPIC source.NAME=VALUE…
 *   sides produce SOURCE-TOPIC TARGET-TOPIC source.NAME=VALUE… target.NAME=VALUE…
 *
 * consume: takes every record and frees it; measured from 10 % to 95 % of them. produce: holds the whole source topic
 * in memory first; measured from the first record enqueued to the last one delivered.
 */
#include <sys/resource.h>
#include <time.h>

#include "../peers/c-loop/client.h"

struct moment {
  double seconds, cpu_seconds;
};

static int64_t delivered = 0, failed = 0;

static struct moment now(void) {
  struct timespec time;
  struct rusage usage;
  clock_gettime(CLOCK_MONOTONIC, &time);
  getrusage(RUSAGE_SELF, &usage);
  struct timeval user = usage.ru_utime, system = usage.ru_stime;
  struct moment moment = {time.tv_sec + time.tv_nsec / 1e9,
                          user.tv_sec + system.tv_sec + (user.tv_usec + system.tv_usec) / 1e6};
  return moment;
}

static void report(int64_t records, int64_t bytes, int64_t measured, struct moment from, struct moment to) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"records\":%" PRId64 ",\"bytes\":%" PRId64 ",\"measured\":%" PRId64
         ",\"seconds\":%f,\"cpuSeconds\":%f,\"peakRssBytes\":%" PRId64 "}\n",
         records, bytes, measured, to.seconds - from.seconds, to.cpu_seconds - from.cpu_seconds,
         (int64_t)usage.ru_maxrss * 1024);
}

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  if (!message->err)
    delivered++;
  else if (failed++ == 0)
    fprintf(stderr, "a record failed: %s\n", rd_kafka_err2str(message->err));
}

/* Up to BATCH records; what else comes is looked at here. */
static ssize_t take(rd_kafka_queue_t *queue, rd_kafka_message_t **messages) {
  ssize_t count = rd_kafka_consume_batch_queue(queue, POLL_MS, messages, BATCH);
  ssize_t records = 0;
  for (ssize_t i = 0; i < count; i++) {
    if (!messages[i]->err) {
      messages[records++] = messages[i];
      continue;
    }
    if (messages[i]->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) fail("consume", rd_kafka_message_errstr(messages[i]));
    rd_kafka_message_destroy(messages[i]);
  }
  return records;
}

static void consume(rd_kafka_queue_t *queue, int64_t records) {
  rd_kafka_message_t *messages[BATCH];
  int64_t from = records / 10, to = records * 95 / 100, begin = 0, end = 0, bytes = 0;
  struct moment began = {0, 0}, ended = {0, 0};
  for (int64_t taken = 0; taken < records;) {
    ssize_t count = take(queue, messages);
    for (ssize_t i = 0; i < count; i++) {
      bytes += messages[i]->len;
      rd_kafka_message_destroy(messages[i]);
    }
    taken += count;
    if (begin == 0 && taken >= from) {
      begin = taken;
      began = now();
    }
    if (end == 0 && taken >= to) {
      end = taken;
      ended = now();
    }
  }
  report(records, bytes, end - begin, began, ended);
}

static void produce(rd_kafka_t *consumer, rd_kafka_queue_t *queue, int64_t records, rd_kafka_t *producer,
                    const char *topic) {
  rd_kafka_message_t **held = malloc((records + BATCH) * sizeof(*held));
  int64_t count = 0, bytes = 0;
  while (count < records) count += take(queue, held + count);
  rd_kafka_topic_partition_list_t *assignment;
  rd_kafka_assignment(consumer, &assignment);
  rd_kafka_pause_partitions(consumer, assignment);
  rd_kafka_topic_partition_list_destroy(assignment);

  const struct rd_kafka_metadata *metadata;
  rd_kafka_topic_t *target = rd_kafka_topic_new(producer, topic, NULL);
  rd_kafka_resp_err_t err = rd_kafka_metadata(producer, 0, target, &metadata, TIMEOUT_MS);
  if (err) fail(topic, rd_kafka_err2str(err));
  rd_kafka_metadata_destroy(metadata);

  struct moment began = now();
  for (int64_t i = 0; i < count; i++) {
    bytes += held[i]->len;
    copy(producer, target, held[i]);
    rd_kafka_message_destroy(held[i]);
    if (i % BATCH == 0) rd_kafka_poll(producer, 0);
  }
  while (delivered + failed < count) rd_kafka_poll(producer, POLL_MS);
  report(delivered, bytes, count, began, now());
  rd_kafka_topic_destroy(target);
  free(held);
}

int main(int argc, char **argv) {
  int producing = argc > 3 && strcmp(argv[1], "produce") == 0;
  if (argc < 3) fail("usage", "sides consume TOPIC ... | sides produce SOURCE-TOPIC TARGET-TOPIC ...");
  int first = producing ? 4 : 3;
  rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, configuration("source.", argv + first, argc - first));
  rd_kafka_poll_set_consumer(consumer);
  int64_t records = assign_all(consumer, argv[2]);
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  if (producing) {
    rd_kafka_conf_t *conf = configuration("target.", argv + first, argc - first);
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, conf);
    produce(consumer, queue, records, producer, argv[3]);
    rd_kafka_destroy(producer);
  } else {
    consume(queue, records);
  }
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return failed > 0;
}
