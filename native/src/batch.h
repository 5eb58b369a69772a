#pragma once

#include <rdkafka.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "handle.h"

namespace millrace {

/** Where messages come from: counts what is held of one consumer and keeps its client alive meanwhile. */
struct MessageOrigin {
  explicit MessageOrigin(std::shared_ptr<Handle> handle) : handle(std::move(handle)) {}

  void CountTaken(size_t count);
  void CountFreed(size_t count);

  // rd_kafka_destroy waits for each held message, so messages may be freed without the connection lock.
  const std::shared_ptr<Handle> handle;
  std::atomic<int64_t> held{0};
};

/**
 * Owned consumed messages.
 *
 * Invariant: each message that was added is destroyed exactly once: by Free, by DestroyAt or with this object.
 */
class MessageList {
 public:
  explicit MessageList(std::shared_ptr<MessageOrigin> origin) : origin_(std::move(origin)) {}
  ~MessageList() { Free(); }
  MessageList(MessageList&& other) noexcept = default;
  MessageList& operator=(MessageList&&) = delete;

  /** The message was counted as taken before. */
  void Add(rd_kafka_message_t* message) { messages_.push_back(message); }
  size_t size() const { return messages_.size(); }
  bool empty() const { return messages_.empty(); }
  rd_kafka_message_t* operator[](size_t index) const { return messages_[index]; }

  /** The messages in [from, to), in a list of their own. */
  MessageList Extract(size_t from, size_t to);
  void Free();

  /** One message, at its place; tell CountFreed afterwards, for many at once. */
  void DestroyAt(size_t index) {
    rd_kafka_message_destroy(messages_[index]);
    messages_[index] = nullptr;
  }
  void CountFreed(size_t count) { origin_->CountFreed(count); }

  const std::shared_ptr<MessageOrigin>& origin() const { return origin_; }

 private:
  std::shared_ptr<MessageOrigin> origin_;
  std::vector<rd_kafka_message_t*> messages_;
};

/** What a target takes: key and value of at most `max_bytes`, a time between the two, a key if `keyed`. */
struct RecordLimits {
  int64_t max_bytes;
  int64_t min_timestamp;
  int64_t max_timestamp;
  bool keyed;
};

/**
 * Consecutive records of one partition.
 *
 * Invariant: there is at least one message, offsets ascend, and the numbers describe exactly the messages.
 */
class Batch {
 public:
  Batch(std::shared_ptr<const std::string> topic, rd_kafka_message_t* first, std::shared_ptr<MessageOrigin> origin);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void Add(rd_kafka_message_t* message);

  /** The records in [from, to) in a batch of their own. Null if there are none; `emptied` if this has none left. */
  std::unique_ptr<Batch> Take(int64_t from, int64_t to, bool* emptied);
  std::optional<int64_t> OffsetAtOrAfter(int64_t timestamp) const;
  /** Offsets of the records that these limits concern, in order. */
  std::vector<int64_t> Outside(const RecordLimits& limits) const;
  /** At most `max` of the records in [from, to), evenly spread: the first and the last are among them. */
  std::vector<const rd_kafka_message_t*> Spread(int64_t from, int64_t to, size_t max) const;
  MessageList TakeMessages() { return std::move(messages_); }

  const std::string& topic() const { return *topic_; }
  int32_t partition() const { return partition_; }
  int64_t first_offset() const { return messages_[0]->offset; }
  int64_t last_offset() const { return messages_[messages_.size() - 1]->offset; }
  size_t count() const { return messages_.size(); }
  int64_t bytes() const { return bytes_; }
  int64_t first_timestamp() const;
  int64_t max_timestamp() const { return max_timestamp_; }
  /** The earliest time that a record has; -1 = none has one. */
  int64_t min_timestamp() const { return min_timestamp_ == INT64_MAX ? -1 : min_timestamp_; }
  /** Key and value of the largest record. */
  int64_t largest() const { return static_cast<int64_t>(largest_); }
  bool has_keyless() const { return has_keyless_; }
  int32_t leader_epoch() const { return leader_epoch_; }
  const MessageList& messages() const { return messages_; }

 private:
  Batch(std::shared_ptr<const std::string> topic, int32_t partition, int32_t leader_epoch, MessageList messages);
  size_t IndexOf(int64_t offset) const;
  void Measure();
  void MeasureOne(const rd_kafka_message_t* message);

  const std::shared_ptr<const std::string> topic_;
  const int32_t partition_;
  int32_t leader_epoch_;
  int64_t bytes_ = 0;
  int64_t max_timestamp_ = -1;
  int64_t min_timestamp_ = INT64_MAX;
  size_t largest_ = 0;
  bool has_keyless_ = false;
  MessageList messages_;
};

/** -1 = the record has none. */
int64_t TimestampOf(const rd_kafka_message_t* message);

}  // namespace millrace
