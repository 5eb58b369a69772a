#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "poll.h"

namespace millrace {

/** 128 bits that stand for a record. */
struct RecordDigest {
  uint64_t low;
  uint64_t high;
};

/** What of a record goes into its digest, and whether the key gets one of its own. */
struct DigestParts {
  bool timestamp;
  bool key_apart;
};

struct OffsetSpan {
  int64_t first;
  int64_t count;
};

/** What is kept of a batch whose records are gone: in order, with the holes between them. */
struct BatchDigest {
  std::string topic;
  int32_t partition;
  int64_t bytes;
  std::vector<OffsetSpan> spans;
  std::vector<RecordDigest> digests;
  /** If asked for: of the keys alone. The lowest bit of `low` says that the value is null. */
  std::vector<RecordDigest> keys;
};

/**
 * Covers key, value, headers in order and, if asked for, the timestamp. Null differs from empty, and no two lists of
 * parts look alike because each part has its length. XXH3 is no defence against records that were made to collide.
 */
RecordDigest DigestOf(const rd_kafka_message_t* message, bool with_timestamp);

/** Takes the records of a poll's batches down to their digests and frees them. On the consumer's own thread. */
std::vector<BatchDigest> DigestBatches(PollResult* poll, const DigestParts& parts);

}  // namespace millrace
