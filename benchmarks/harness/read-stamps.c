/*
 * Reads what write-stamps wrote, wherever it has been copied to, and notes of each record when it was written and when
 * it was appended here. The topics need message.timestamp.type=LogAppendTime.
 *
 *   read-stamps FILE PREFIX TOPICS PARTITIONS RECORDS SECONDS NAME=VALUE…
 *
 * FILE gets pairs of doubles: written (microseconds since 1970), appended (the same, of a clock of milliseconds). It
 * ends when RECORDS different records are read and the topics have no more, or when nothing came for SECONDS. It says
 * how many different records there were, how many came again, and how many are not of this run.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rdkafka.h"

#define POLL_MS 1000
#define BATCH 1000

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc < 7) fail("usage", "read-stamps FILE PREFIX TOPICS PARTITIONS RECORDS SECONDS NAME=VALUE...");
  FILE *file = fopen(argv[1], "wb");
  if (!file) fail(argv[1], "can't be written");
  int topics = atoi(argv[3]);
  int partitions = atoi(argv[4]);
  int64_t wanted = atoll(argv[5]);
  int patience = atoi(argv[6]);

  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  char error[512];
  for (int i = 7; i < argc; i++) {
    char *equals = strchr(argv[i], '=');
    if (!equals) fail(argv[i], "no value");
    *equals = '\0';
    if (rd_kafka_conf_set(conf, argv[i], equals + 1, error, sizeof(error)) != RD_KAFKA_CONF_OK) fail(argv[i], error);
  }
  rd_kafka_conf_set(conf, "enable.partition.eof", "true", error, sizeof(error));
  rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
  if (!consumer) fail("client", error);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t *assignment = rd_kafka_topic_partition_list_new(topics * partitions);
  for (int i = 0; i < topics * partitions; i++) {
    char name[250];
    snprintf(name, sizeof(name), "%s%d", argv[2], i / partitions);
    rd_kafka_topic_partition_list_add(assignment, name, i % partitions)->offset = 0;
  }
  rd_kafka_resp_err_t err = rd_kafka_assign(consumer, assignment);
  if (err) fail("assign", rd_kafka_err2str(err));
  rd_kafka_topic_partition_list_destroy(assignment);

  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_message_t *messages[BATCH];
  unsigned char *seen = calloc(wanted, 1);
  int64_t different = 0, repeated = 0, foreign = 0, ends = 0;
  int idle = 0;
  while ((different < wanted || ends < topics * partitions) && idle < patience) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, POLL_MS, messages, BATCH);
    int records = 0;
    for (ssize_t i = 0; i < count; i++) {
      rd_kafka_message_t *message = messages[i];
      rd_kafka_timestamp_type_t type;
      int64_t appended = rd_kafka_message_timestamp(message, &type);
      int64_t written, number;
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        ends++;
      } else if (message->err) {
        fail("consume", rd_kafka_message_errstr(message));
      } else if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME) {
        fail(rd_kafka_topic_name(message->rkt), "its timestamps are not those of appending");
      } else {
        records++;
        memcpy(&written, message->payload, 8);
        memcpy(&number, (char *)message->payload + 8, 8);
        double pair[] = {written, appended * 1000.0};
        if (number < 0 || number >= wanted)
          foreign++;
        else if (seen[number]++)
          repeated++;
        else if (different++, fwrite(pair, sizeof(pair), 1, file) != 1)
          fail(argv[1], "can't be written");
      }
      rd_kafka_message_destroy(message);
    }
    idle = records > 0 ? 0 : idle + 1;
  }
  if (fclose(file) != 0) fail(argv[1], "can't be written");
  printf("{\"different\":%" PRId64 ",\"repeated\":%" PRId64 ",\"foreign\":%" PRId64 "}\n", different, repeated,
         foreign);
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return 0;
}
