#pragma once

#include <rdkafka.h>

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "batch.h"
#include "completions.h"
#include "own-record.h"
#include "stall-guard.h"

namespace millrace {

/** Source offsets that went to consecutive target offsets; target -1 = unknown. */
struct OffsetRun {
  int64_t source;
  int64_t target;
  int64_t count;
};

/** Consecutive source offsets. */
struct OffsetRange {
  int64_t offset;
  int64_t count;
};

enum class FailureKind { kRefused, kPurged, kBlocked };

/** What becomes of a send. */
struct SendResult {
  int64_t delivered = 0;
  int64_t altered = 0;
  /** Which ones, in the order of the reports. */
  std::vector<OffsetRange> altered_ranges;
  std::vector<OffsetRun> runs;
  /** Records that were not delivered. The rest of the failure is that of the lowest offset among them. */
  int64_t failed = 0;
  int64_t failed_offset = -1;
  rd_kafka_resp_err_t failed_code = RD_KAFKA_RESP_ERR_NO_ERROR;
  FailureKind failed_kind = FailureKind::kRefused;
  /** Records that a broker found fault with: each of them, or one that was in the same request. */
  std::vector<OffsetRange> faulted;
  /** What it said of the first of these. */
  rd_kafka_resp_err_t fault = RD_KAFKA_RESP_ERR_NO_ERROR;
};

/** `refused` if the record itself is the reason, `purged` if it only shared the producer's fate. */
FailureKind KindOf(rd_kafka_resp_err_t code);

/** The broker finds fault with a record, not with us, the topic or the moment. */
bool IsRecordFault(rd_kafka_resp_err_t code);

class Send;

/**
 * What librdkafka keeps of us for each record, as its opaque:
 *
 *   opaque = address of the slot, bit 0 set (node-rdkafka's own opaques are null or even)
 *   slot   = [ Send* | altered:1, source offset:63 ]
 */
struct Slot {
  Send* send;
  uint64_t offset : 63;
  uint64_t altered : 1;

  void* opaque() { return reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(this) | 1); }
  /** Null if the opaque is not one of ours. */
  static Slot* Of(void* opaque) {
    const auto address = reinterpret_cast<uintptr_t>(opaque);
    return (address & 1) != 0 ? reinterpret_cast<Slot*>(address & ~uintptr_t{1}) : nullptr;
  }
};

/**
 * The records of one send() on their way: first enqueued one by one, then reported one by one.
 *
 * Invariant: messages before `next_` are destroyed; `pending_` records are in librdkafka's hands, each with a slot of
 * this, so this must live until `pending_` is 0 (or the client is destroyed). Not thread-safe: its producer's
 * report mutex protects it.
 */
class Send {
 public:
  Send(MessageList messages, std::string topic, int32_t partition, int64_t lane, std::unique_ptr<JsCallback> callback);
  /** One record that was made in JavaScript. */
  Send(std::unique_ptr<OwnRecord> record, std::string topic, int32_t partition, int64_t lane,
       std::unique_ptr<JsCallback> callback);

  enum class Enqueued { kSome, kAll, kQueueFull, kFailed };

  /** Where its records go, as the producer's guard has it; before anything else. */
  void Begin(StallGuard* guard) {
    guard_ = guard;
    target_ = guard->Of(topic_, partition_);
  }
  /** Up to `max` more records, in order. After kFailed none is left. */
  Enqueued Enqueue(rd_kafka_t* rk, size_t max);

  /** The delivery report of one record. True if it failed. */
  bool Report(const Slot& slot, const rd_kafka_message_t* message);

  /** Frees and fails whatever was not enqueued. */
  void FailRest(rd_kafka_resp_err_t code, FailureKind kind);
  /** Fails what is in librdkafka's hands: only after the client was destroyed. */
  void FailPending(rd_kafka_resp_err_t code);

  bool finished() const { return next_ == total_ && pending_ == 0; }
  bool failed() const { return result_.failed > 0; }
  rd_kafka_resp_err_t failure_code() const { return result_.failed_code; }
  int64_t lane() const { return lane_; }
  size_t total() const { return total_; }

  /** Calls back with the result, on the main thread. */
  void Complete();

 private:
  /** What is sent of a record besides its headers. */
  struct Parts {
    int64_t offset;
    int64_t timestamp;
    const void* value;
    size_t value_size;
    const void* key;
    size_t key_size;
  };

  rd_kafka_resp_err_t EnqueueMessage(rd_kafka_t* rk, rd_kafka_topic_t* topic, rd_kafka_message_t* message);
  rd_kafka_resp_err_t EnqueueOwn(rd_kafka_t* rk, rd_kafka_topic_t* topic);
  rd_kafka_resp_err_t EnqueueParts(rd_kafka_t* rk, rd_kafka_topic_t* topic, const Parts& parts);
  void AddDelivered(int64_t source, int64_t target);
  void AddFailure(int64_t offset, int64_t count, rd_kafka_resp_err_t code, FailureKind kind);

  // Empty when there is a record of our own.
  MessageList messages_;
  std::unique_ptr<OwnRecord> own_;
  const std::string topic_;
  const int32_t partition_;
  const int64_t lane_;
  const size_t total_;
  const int64_t first_offset_;
  size_t next_ = 0;
  size_t pending_ = 0;
  std::unique_ptr<Slot[]> slots_;
  // The producer's, which lives as long as its sends.
  StallGuard* guard_ = nullptr;
  TargetPartition* target_ = nullptr;
  // Headers of the record at `next_`, detached by an attempt that found the queue full.
  rd_kafka_headers_t* headers_ = nullptr;
  bool headers_detached_ = false;
  SendResult result_;
  std::unique_ptr<JsCallback> callback_;
};

v8::Local<v8::Value> MakeSendResult(const SendResult& result);

}  // namespace millrace
