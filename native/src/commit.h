#pragma once

#include <rdkafka.h>

#include <atomic>
#include <string>
#include <vector>

#include "error.h"
#include "handle.h"

namespace millrace {

struct CommitOffset {
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
  int32_t leader_epoch = -1;
  std::string metadata;
};

struct OffsetResult {
  std::string topic;
  int32_t partition;
  int64_t offset;
  rd_kafka_resp_err_t code;
};

struct CommitResult {
  std::vector<OffsetResult> offsets;
  /** Nothing could be sent. */
  RequestError error;
  bool closed = false;
};

/** `{ topic, partition, offset, leaderEpoch?, metadata? }[]`. False after a TypeError was thrown. */
bool ReadCommitOffsets(v8::Local<v8::Value> value, const std::string& name, std::vector<CommitOffset>* out);

/** A list of librdkafka's own, with leader epochs and metadata. The caller destroys it. */
rd_kafka_topic_partition_list_t* MakeOffsetList(const std::vector<CommitOffset>& offsets);

/** Commits to the consumer's group and waits for the answer, or until `stop` or the client's end. */
CommitResult CommitOffsets(Handle& handle, const std::vector<CommitOffset>& offsets, const std::atomic<bool>& stop);

}  // namespace millrace
