#include "batch.h"

#include <algorithm>

#include "counters.h"

namespace millrace {

void MessageOrigin::CountTaken(size_t count) {
  held.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
  counters().messages_taken.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
}

void MessageOrigin::CountFreed(size_t count) {
  held.fetch_sub(static_cast<int64_t>(count), std::memory_order_relaxed);
  counters().messages_freed.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
}

MessageList MessageList::Extract(size_t from, size_t to) {
  MessageList result(origin_);
  result.messages_.assign(messages_.begin() + from, messages_.begin() + to);
  messages_.erase(messages_.begin() + from, messages_.begin() + to);
  return result;
}

void MessageList::Free() {
  size_t freed = 0;
  for (rd_kafka_message_t* message : messages_) {
    if (message == nullptr) continue;
    rd_kafka_message_destroy(message);
    freed++;
  }
  messages_.clear();
  if (freed > 0) CountFreed(freed);
}

int64_t TimestampOf(const rd_kafka_message_t* message) {
  rd_kafka_timestamp_type_t type;
  const int64_t timestamp = rd_kafka_message_timestamp(message, &type);
  return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp;
}

Batch::Batch(std::shared_ptr<const std::string> topic, rd_kafka_message_t* first, std::shared_ptr<MessageOrigin> origin)
    : topic_(std::move(topic)),
      partition_(first->partition),
      leader_epoch_(rd_kafka_message_leader_epoch(first)),
      messages_(std::move(origin)) {
  counters().batches_alive++;
  Add(first);
}

Batch::Batch(std::shared_ptr<const std::string> topic, int32_t partition, int32_t leader_epoch, MessageList messages)
    : topic_(std::move(topic)), partition_(partition), leader_epoch_(leader_epoch), messages_(std::move(messages)) {
  counters().batches_alive++;
  Measure();
}

Batch::~Batch() { counters().batches_alive--; }

void Batch::Add(rd_kafka_message_t* message) {
  MeasureOne(message);
  messages_.Add(message);
}

void Batch::MeasureOne(const rd_kafka_message_t* message) {
  const size_t size = message->len + message->key_len;
  const int64_t timestamp = TimestampOf(message);
  bytes_ += static_cast<int64_t>(size);
  largest_ = std::max(largest_, size);
  max_timestamp_ = std::max(max_timestamp_, timestamp);
  // A time of 0 can't be written: librdkafka takes it for "now".
  if (timestamp > 0) min_timestamp_ = std::min(min_timestamp_, timestamp);
  has_keyless_ |= message->key == nullptr;
}

std::vector<int64_t> Batch::Outside(const RecordLimits& limits) const {
  std::vector<int64_t> offsets;
  for (size_t i = 0; i < messages_.size(); i++) {
    const rd_kafka_message_t* message = messages_[i];
    const int64_t timestamp = TimestampOf(message);
    const bool outside = static_cast<int64_t>(message->len + message->key_len) > limits.max_bytes ||
                         (timestamp > 0 && (timestamp < limits.min_timestamp || timestamp > limits.max_timestamp)) ||
                         (limits.keyed && message->key == nullptr);
    if (outside) offsets.push_back(message->offset);
  }
  return offsets;
}

std::unique_ptr<Batch> Batch::Take(int64_t from, int64_t to, bool* emptied) {
  const size_t first = IndexOf(from);
  const size_t end = std::max(first, IndexOf(to));
  *emptied = false;
  if (first == end) return nullptr;
  std::unique_ptr<Batch> taken(new Batch(topic_, partition_, leader_epoch_, messages_.Extract(first, end)));
  *emptied = messages_.empty();
  if (!*emptied) Measure();
  return taken;
}

std::optional<int64_t> Batch::OffsetAtOrAfter(int64_t timestamp) const {
  if (max_timestamp_ < timestamp) return std::nullopt;
  for (size_t i = 0; i < messages_.size(); i++) {
    if (TimestampOf(messages_[i]) >= timestamp) return messages_[i]->offset;
  }
  return std::nullopt;
}

std::vector<const rd_kafka_message_t*> Batch::Spread(int64_t from, int64_t to, size_t max) const {
  const size_t first = IndexOf(from);
  const size_t count = std::max(first, IndexOf(to)) - first;
  const size_t chosen = std::min(count, max);
  std::vector<const rd_kafka_message_t*> spread;
  spread.reserve(chosen);
  for (size_t i = 0; i < chosen; i++) {
    spread.push_back(messages_[first + (chosen == 1 ? 0 : i * (count - 1) / (chosen - 1))]);
  }
  return spread;
}

int64_t Batch::first_timestamp() const { return TimestampOf(messages_[0]); }

size_t Batch::IndexOf(int64_t offset) const {
  size_t low = 0;
  size_t high = messages_.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (messages_[middle]->offset < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void Batch::Measure() {
  leader_epoch_ = rd_kafka_message_leader_epoch(messages_[0]);
  bytes_ = 0;
  max_timestamp_ = -1;
  min_timestamp_ = INT64_MAX;
  largest_ = 0;
  has_keyless_ = false;
  for (size_t i = 0; i < messages_.size(); i++) MeasureOne(messages_[i]);
}

}  // namespace millrace
