/*
 * Writes at a steady rate, and puts into each value when that was: microseconds since 1970, then its number, eight
 * bytes each, then noise.
 *
 *   write-stamps PREFIX TOPICS PARTITIONS RECORDS-PER-SECOND SECONDS BYTES FIRST-NUMBER NAME=VALUE…
 *
 * Records go in turns to the topics PREFIX0, PREFIX1 …, and within each in turns to its partitions. It says how many
 * were delivered and how late the latest was compared with an even pace.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rdkafka.h"

#define MOST_BYTES 1000000

static int64_t failed = 0;
static int64_t delivered = 0;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static int64_t micros(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  if (!message->err)
    delivered++;
  else if (failed++ == 0)
    fprintf(stderr, "a record failed: %s\n", rd_kafka_err2str(message->err));
}

int main(int argc, char **argv) {
  if (argc < 8)
    fail("usage", "write-stamps PREFIX TOPICS PARTITIONS RECORDS-PER-SECOND SECONDS BYTES FIRST-NUMBER NAME=VALUE...");
  int topics = atoi(argv[2]);
  int partitions = atoi(argv[3]);
  int64_t rate = atoll(argv[4]);
  int64_t records = rate * atoll(argv[5]);
  size_t bytes = atoll(argv[6]);
  int64_t first = atoll(argv[7]);
  if (topics < 1 || partitions < 1 || rate < 1 || bytes < 16 || bytes > MOST_BYTES) fail("usage", "out of range");

  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  char error[512];
  for (int i = 8; i < argc; i++) {
    char *equals = strchr(argv[i], '=');
    if (!equals) fail(argv[i], "no value");
    *equals = '\0';
    if (rd_kafka_conf_set(conf, argv[i], equals + 1, error, sizeof(error)) != RD_KAFKA_CONF_OK) fail(argv[i], error);
  }
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
  if (!producer) fail("client", error);
  rd_kafka_topic_t **handles = malloc(topics * sizeof(*handles));
  for (int i = 0; i < topics; i++) {
    char name[250];
    const struct rd_kafka_metadata *metadata;
    snprintf(name, sizeof(name), "%s%d", argv[1], i);
    handles[i] = rd_kafka_topic_new(producer, name, NULL);
    /* Else the first records would wait for it, and be late. */
    rd_kafka_resp_err_t err = rd_kafka_metadata(producer, 0, handles[i], &metadata, 10000);
    if (err) fail(name, rd_kafka_err2str(err));
    rd_kafka_metadata_destroy(metadata);
  }

  static char value[MOST_BYTES];
  uint64_t noise = 0x9E3779B97F4A7C15u;
  for (size_t i = 16; i < bytes; i++) {
    noise ^= noise << 13, noise ^= noise >> 7, noise ^= noise << 17;
    value[i] = (char)noise;
  }
  int64_t began = micros(CLOCK_MONOTONIC);
  int64_t latest = 0;
  for (int64_t i = 0; i < records;) {
    int64_t elapsed = micros(CLOCK_MONOTONIC) - began;
    int64_t due = elapsed * rate / 1000000 + 1;
    if (due > records) due = records;
    if (i < due) {
      int64_t late = elapsed - i * 1000000 / rate;
      if (late > latest) latest = late;
    }
    for (; i < due; i++) {
      int64_t now = micros(CLOCK_REALTIME);
      memcpy(value, &now, 8);
      int64_t number = first + i;
      memcpy(value + 8, &number, 8);
      rd_kafka_topic_t *handle = handles[i % topics];
      while (rd_kafka_produce(handle, i / topics % partitions, RD_KAFKA_MSG_F_COPY, value, bytes, NULL, 0, NULL) != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
          fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 1);
      }
    }
    rd_kafka_poll(producer, 0);
    if (i < records) {
      int64_t wait = began + i * 1000000 / rate - micros(CLOCK_MONOTONIC);
      /* A thousand times a second is even enough, and leaves the processor to who is measured. */
      if (wait < 1000) wait = 1000;
      struct timespec pause = {wait / 1000000, wait % 1000000 * 1000};
      nanosleep(&pause, NULL);
    }
  }
  rd_kafka_resp_err_t err = rd_kafka_flush(producer, 60000);
  if (err) fail("flush", rd_kafka_err2str(err));
  printf("{\"records\":%" PRId64 ",\"latestMicros\":%" PRId64 "}\n", delivered, latest);
  for (int i = 0; i < topics; i++) rd_kafka_topic_destroy(handles[i]);
  rd_kafka_destroy(producer);
  return failed > 0;
}
