/* What the programs in C have in common: clients made from settings, a whole topic assigned, a record copied. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rdkafka.h"

#define TIMEOUT_MS 10000
#define POLL_MS 100
#define BATCH 1000

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

/* The settings that begin with `prefix`. */
static rd_kafka_conf_t *configuration(const char *prefix, char **settings, int count) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  size_t length = strlen(prefix);
  for (int i = 0; i < count; i++) {
    char error[512];
    char *equals = strchr(settings[i], '=');
    if (strncmp(settings[i], prefix, length) != 0 || !equals) continue;
    *equals = '\0';
    if (rd_kafka_conf_set(conf, settings[i] + length, equals + 1, error, sizeof(error)) != RD_KAFKA_CONF_OK)
      fail(settings[i], error);
    *equals = '=';
  }
  return conf;
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  char error[512];
  rd_kafka_t *made = rd_kafka_new(type, conf, error, sizeof(error));
  if (!made) fail("client", error);
  return made;
}

/* Assigns every partition from its first record; returns how many records there are. */
static int64_t assign_all(rd_kafka_t *consumer, const char *topic) {
  const struct rd_kafka_metadata *metadata;
  rd_kafka_topic_t *handle = rd_kafka_topic_new(consumer, topic, NULL);
  rd_kafka_resp_err_t err = rd_kafka_metadata(consumer, 0, handle, &metadata, TIMEOUT_MS);
  if (err || metadata->topics[0].partition_cnt == 0) fail(topic, rd_kafka_err2str(err));
  int partitions = metadata->topics[0].partition_cnt;
  rd_kafka_topic_partition_list_t *assignment = rd_kafka_topic_partition_list_new(partitions);
  int64_t records = 0;
  for (int p = 0; p < partitions; p++) {
    int64_t low, high;
    err = rd_kafka_query_watermark_offsets(consumer, topic, p, &low, &high, TIMEOUT_MS);
    if (err) fail("watermarks", rd_kafka_err2str(err));
    rd_kafka_topic_partition_list_add(assignment, topic, p)->offset = low;
    records += high - low;
  }
  err = rd_kafka_assign(consumer, assignment);
  if (err) fail("assign", rd_kafka_err2str(err));
  rd_kafka_topic_partition_list_destroy(assignment);
  rd_kafka_metadata_destroy(metadata);
  rd_kafka_topic_destroy(handle);
  return records;
}

static void copy(rd_kafka_t *producer, rd_kafka_topic_t *target, rd_kafka_message_t *message) {
  rd_kafka_headers_t *headers = NULL;
  rd_kafka_timestamp_type_t type;
  int64_t timestamp = rd_kafka_message_timestamp(message, &type);
  rd_kafka_message_detach_headers(message, &headers);
  for (;;) {
    rd_kafka_vu_t fields[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = target},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = message->partition},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {message->key, message->key_len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {message->payload, message->len}},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = timestamp},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };
    rd_kafka_error_t *error = rd_kafka_produceva(producer, fields, headers ? 7 : 6);
    if (!error) return;
    if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail("produce", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    rd_kafka_poll(producer, 5);
  }
}
