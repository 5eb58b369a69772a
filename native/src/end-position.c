#include "end-position.h"

/* The position of a partition is private to librdkafka: no call sets it without fetching anew (seek). */
#include "rdkafka_int.h"
#include "rdkafka_op.h"
#include "rdkafka_partition.h"

void millrace_step_back(const rd_kafka_message_t *event) {
  rd_kafka_op_t *op = event->_private;
  rd_kafka_toppar_t *partition = op->rko_rktp;
  if (partition == NULL || event->offset < 0) return;
  const int64_t behind = event->offset + 1;
  rd_kafka_toppar_lock(partition);
  if (partition->rktp_app_pos.offset == behind) {
    partition->rktp_app_pos.offset = event->offset;
    /* Paused a moment ago, so the wrong position is what it would resume at. */
    if (RD_KAFKA_TOPPAR_IS_PAUSED(partition) && partition->rktp_next_fetch_start.offset == behind) {
      partition->rktp_next_fetch_start.offset = event->offset;
    }
  }
  rd_kafka_toppar_unlock(partition);
}
