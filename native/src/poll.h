#pragma once

#include <rdkafka.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "batch.h"

namespace millrace {

struct PollLimits {
  int64_t max_bytes;
  size_t max_count;
  int timeout_ms;
};

struct EndOfPartition {
  std::string topic;
  int32_t partition;
  int64_t offset;
};

struct ConsumeError {
  std::string topic;
  int32_t partition;
  int64_t offset;
  rd_kafka_resp_err_t code;
  std::string text;
};

struct PollResult {
  std::vector<std::unique_ptr<Batch>> batches;
  std::vector<EndOfPartition> ends;
  std::vector<ConsumeError> errors;
  /** The client is gone or `stop` was set: whatever was taken has been freed. */
  bool closed = false;
};

/**
 * Waits for the first message only, then takes what is there, about `max_bytes` of it, and groups it by partition.
 * On the consumer's own thread.
 */
PollResult PollBatches(const std::shared_ptr<MessageOrigin>& origin, const PollLimits& limits,
                       const std::atomic<bool>& stop);

}  // namespace millrace
