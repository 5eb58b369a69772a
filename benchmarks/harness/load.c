/*
 * Fills a source topic: records of one size, without key, every one different, spread evenly over the partitions.
 *
 *   load TOPIC PARTITIONS RECORDS BYTES random|json NAME=VALUE…
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rdkafka.h"

#define POOL_BYTES (16 * 1024 * 1024)
/* Consecutive records to one partition. */
#define RUN 500

static int64_t failed = 0;
static uint64_t state = 0x9E3779B97F4A7C15u;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

/* xorshift64: the same records in every run. */
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  if (message->err && failed++ == 0) fprintf(stderr, "a record failed: %s\n", rd_kafka_err2str(message->err));
}

/* What slices are taken from: random bytes, or fields as an application logs them (lz4 makes a third of it). */
static char *make_pool(int json) {
  char *pool = malloc(POOL_BYTES);
  if (!json) {
    for (size_t i = 0; i < POOL_BYTES; i += 8) {
      uint64_t word = next();
      memcpy(pool + i, &word, 8);
    }
    return pool;
  }
  static const char *names[] = {"customer", "status", "amount", "currency", "region", "updatedAt", "channel", "note"};
  static const char *words[] = {"pending", "shipped", "EUR", "returned", "north", "web", "priority", "gift"};
  size_t at = 0;
  while (at < POOL_BYTES) {
    char field[96];
    uint64_t random = next();
    int length = snprintf(field, sizeof(field), "\"%s\":\"%s-%08" PRIx32 "\",", names[random & 7],
                          words[random >> 3 & 7], (uint32_t)(random >> 32));
    if ((size_t)length > POOL_BYTES - at) length = POOL_BYTES - at;
    memcpy(pool + at, field, length);
    at += length;
  }
  return pool;
}

int main(int argc, char **argv) {
  if (argc < 6) fail("usage", "load TOPIC PARTITIONS RECORDS BYTES random|json NAME=VALUE...");
  const char *topic = argv[1];
  int partitions = atoi(argv[2]);
  int64_t records = atoll(argv[3]);
  size_t bytes = atoll(argv[4]);
  int json = strcmp(argv[5], "json") == 0;
  if (partitions < 1 || bytes >= POOL_BYTES) fail("usage", "no partitions, or records too large");

  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  char error[512];
  for (int i = 6; i < argc; i++) {
    char *equals = strchr(argv[i], '=');
    if (!equals) fail(argv[i], "no value");
    *equals = '\0';
    if (rd_kafka_conf_set(conf, argv[i], equals + 1, error, sizeof(error)) != RD_KAFKA_CONF_OK) fail(argv[i], error);
  }
  rd_kafka_conf_set_dr_msg_cb(conf, on_report);
  rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
  if (!producer) fail("client", error);
  rd_kafka_topic_t *handle = rd_kafka_topic_new(producer, topic, NULL);

  char *pool = make_pool(json);
  char *value = malloc(bytes + 1);
  for (int64_t i = 0; i < records; i++) {
    memcpy(value, pool + next() % (POOL_BYTES - bytes), bytes);
    char head[32];
    size_t length = snprintf(head, sizeof(head), "{\"id\":%012" PRId64 ",", i);
    memcpy(value, head, length < bytes ? length : bytes);
    while (rd_kafka_produce(handle, i / RUN % partitions, RD_KAFKA_MSG_F_COPY, value, bytes, NULL, 0, NULL) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(producer, 10);
    }
    if (i % 1000 == 0) rd_kafka_poll(producer, 0);
  }
  rd_kafka_resp_err_t err = rd_kafka_flush(producer, 60000);
  if (err) fail("flush", rd_kafka_err2str(err));
  rd_kafka_topic_destroy(handle);
  rd_kafka_destroy(producer);
  return failed > 0;
}
