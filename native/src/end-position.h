#pragma once

#include <rdkafka.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Takes back what `rd_kafka_consume_batch_queue` does with an event that came in place of a record (librdkafka 2.12.0,
 * `rd_kafka_q_serve_rkmessages`): it sets the position of the partition behind the event's offset, as if a record had
 * been there. A partition at its end is then one too far, and whatever restarts its fetcher at the position (pause and
 * resume, also those inside a rebalance) skips the next record, or stops because it is out of range.
 *
 * To be called before the next consume call, unless a record of the same partition came after the event.
 */
void millrace_step_back(const rd_kafka_message_t* event);

#ifdef __cplusplus
}
#endif
