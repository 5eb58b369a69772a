#include "digest.h"

#include <cstring>

// BSD 2-clause; all of it is compiled into this file.
#define XXH_INLINE_ALL
#include "../vendor/xxhash.h"

namespace millrace {

namespace {

constexpr int64_t kNull = -1;
constexpr int64_t kUnreadable = -2;

/** One part of a record: its length, which tells null from empty, and its hash. */
struct Part {
  int64_t length;
  uint64_t low;
  uint64_t high;
};

Part PartOf(const void* bytes, size_t size) {
  if (bytes == nullptr) return {kNull, 0, 0};
  const XXH128_hash_t hash = XXH3_128bits(bytes, size);
  return {static_cast<int64_t>(size), hash.low64, hash.high64};
}

/** The headers as one part: their number, and a hash of the chain of their names and values. */
Part HeadersOf(const rd_kafka_message_t* message) {
  rd_kafka_headers_t* headers;
  const rd_kafka_resp_err_t error = rd_kafka_message_headers(message, &headers);
  if (error == RD_KAFKA_RESP_ERR__NOENT) return {0, 0, 0};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return {kUnreadable, 0, 0};
  struct {
    Part before;
    Part name;
    Part value;
  } link = {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
  const char* name;
  const void* value;
  size_t size;
  int64_t count = 0;
  while (rd_kafka_header_get_all(headers, static_cast<size_t>(count), &name, &value, &size) ==
         RD_KAFKA_RESP_ERR_NO_ERROR) {
    link.name = PartOf(name, strlen(name));
    link.value = PartOf(value, size);
    const XXH128_hash_t hash = XXH3_128bits(&link, sizeof(link));
    link.before = {++count, hash.low64, hash.high64};
  }
  return link.before;
}

void AddOffset(int64_t offset, std::vector<OffsetSpan>* spans) {
  if (!spans->empty() && spans->back().first + spans->back().count == offset) {
    spans->back().count++;
  } else {
    spans->push_back({offset, 1});
  }
}

RecordDigest KeyOf(const rd_kafka_message_t* message) {
  const Part key = PartOf(message->key, message->key_len);
  const XXH128_hash_t hash = XXH3_128bits(&key, sizeof(key));
  const uint64_t is_tombstone = message->payload == nullptr ? 1 : 0;
  return {(hash.low64 & ~uint64_t{1}) | is_tombstone, hash.high64};
}

BatchDigest DigestBatch(const Batch& batch, const DigestParts& parts) {
  BatchDigest result{batch.topic(), batch.partition(), batch.bytes(), {}, {}, {}};
  const MessageList& messages = batch.messages();
  result.digests.reserve(messages.size());
  if (parts.key_apart) result.keys.reserve(messages.size());
  for (size_t i = 0; i < messages.size(); i++) {
    AddOffset(messages[i]->offset, &result.spans);
    result.digests.push_back(DigestOf(messages[i], parts.timestamp));
    if (parts.key_apart) result.keys.push_back(KeyOf(messages[i]));
  }
  return result;
}

}  // namespace

RecordDigest DigestOf(const rd_kafka_message_t* message, bool with_timestamp) {
  // No padding: every field has eight bytes.
  const struct {
    Part key;
    Part value;
    Part headers;
    int64_t timestamp;
  } record = {PartOf(message->key, message->key_len), PartOf(message->payload, message->len), HeadersOf(message),
              with_timestamp ? TimestampOf(message) : 0};
  const XXH128_hash_t hash = XXH3_128bits(&record, sizeof(record));
  return {hash.low64, hash.high64};
}

std::vector<BatchDigest> DigestBatches(PollResult* poll, const DigestParts& parts) {
  std::vector<BatchDigest> digests;
  digests.reserve(poll->batches.size());
  for (std::unique_ptr<Batch>& batch : poll->batches) {
    digests.push_back(DigestBatch(*batch, parts));
    batch.reset();
  }
  poll->batches.clear();
  return digests;
}

}  // namespace millrace
