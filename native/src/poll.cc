#include "poll.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_map>

#include "end-position.h"

namespace millrace {

namespace {

using Clock = std::chrono::steady_clock;

/** How long the connection lock may be held. */
constexpr int kSliceMs = 100;
constexpr size_t kMaxChunk = 4000;

/** Puts messages into batches; keeps the errors and ends that came in their place. */
class Grouping {
 public:
  Grouping(std::shared_ptr<MessageOrigin> origin, PollResult* result) : origin_(std::move(origin)), result_(result) {}

  void Add(rd_kafka_message_t* const* messages, size_t count) {
    origin_->CountTaken(count);
    for (size_t i = 0; i < count; i++) {
      if (messages[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        AddRecord(messages[i]);
      } else {
        if (!HasRecordOf(messages[i], messages + i + 1, messages + count)) millrace_step_back(messages[i]);
        AddEvent(messages[i]);
      }
    }
  }

  int64_t bytes() const { return bytes_; }
  size_t count() const { return count_; }

 private:
  struct Key {
    const rd_kafka_topic_t* topic;
    int32_t partition;
    bool operator==(const Key& other) const { return topic == other.topic && partition == other.partition; }
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return std::hash<const void*>()(key.topic) * 31 + static_cast<size_t>(key.partition);
    }
  };

  static bool HasRecordOf(const rd_kafka_message_t* event, rd_kafka_message_t* const* from,
                          rd_kafka_message_t* const* to) {
    return std::any_of(from, to, [event](const rd_kafka_message_t* message) {
      return message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->rkt == event->rkt &&
             message->partition == event->partition;
    });
  }

  void AddRecord(rd_kafka_message_t* message) {
    const Key key{message->rkt, message->partition};
    // Neighbours nearly always belong together.
    if (current_ == nullptr || !(key == current_key_)) {
      current_ = &open_[key];
      current_key_ = key;
    }
    bytes_ += static_cast<int64_t>(message->len + message->key_len);
    count_++;
    // After a seek that happened during this poll offsets may go back: offsets of a batch ascend, so begin another.
    if (*current_ != nullptr && message->offset > (*current_)->last_offset()) {
      (*current_)->Add(message);
      return;
    }
    auto batch = std::make_unique<Batch>(TopicOf(message->rkt), message, origin_);
    *current_ = batch.get();
    result_->batches.push_back(std::move(batch));
  }

  void AddEvent(rd_kafka_message_t* message) {
    const bool has_topic = message->rkt != nullptr;
    std::string topic = has_topic ? rd_kafka_topic_name(message->rkt) : "";
    const int32_t partition = has_topic ? message->partition : -1;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      result_->ends.push_back({std::move(topic), partition, message->offset});
    } else {
      const char* text = rd_kafka_message_errstr(message);
      result_->errors.push_back({std::move(topic), partition, message->offset < 0 ? -1 : message->offset, message->err,
                                 text == nullptr ? "" : text});
    }
    rd_kafka_message_destroy(message);
    origin_->CountFreed(1);
  }

  const std::shared_ptr<const std::string>& TopicOf(rd_kafka_topic_t* topic) {
    std::shared_ptr<const std::string>& name = topics_[topic];
    if (!name) name = std::make_shared<const std::string>(rd_kafka_topic_name(topic));
    return name;
  }

  const std::shared_ptr<MessageOrigin> origin_;
  PollResult* const result_;
  std::unordered_map<Key, Batch*, KeyHash> open_;
  std::unordered_map<const rd_kafka_topic_t*, std::shared_ptr<const std::string>> topics_;
  Key current_key_{nullptr, -1};
  Batch** current_ = nullptr;
  int64_t bytes_ = 0;
  size_t count_ = 0;
};

/** The consumer's queue, for as long as the connection lock is held: it must not outlive the client. */
class ConsumerQueue {
 public:
  explicit ConsumerQueue(rd_kafka_t* rk) : queue_(rd_kafka_queue_get_consumer(rk)) {}
  ~ConsumerQueue() {
    if (queue_ != nullptr) rd_kafka_queue_destroy(queue_);
  }
  ConsumerQueue(const ConsumerQueue&) = delete;
  ConsumerQueue& operator=(const ConsumerQueue&) = delete;

  size_t Consume(int timeout_ms, rd_kafka_message_t** out, size_t max) {
    if (queue_ == nullptr) return 0;
    const ssize_t count = rd_kafka_consume_batch_queue(queue_, timeout_ms, out, max);
    return count > 0 ? static_cast<size_t>(count) : 0;
  }

 private:
  rd_kafka_queue_t* const queue_;
};

/** librdkafka's call has a limit of messages only, so that of bytes is met by asking for few at a time. */
size_t NextChunk(const Grouping& grouping, const PollLimits& limits, size_t last_chunk) {
  const int64_t bytes_left = limits.max_bytes - grouping.bytes();
  const size_t count_left = limits.max_count > grouping.count() ? limits.max_count - grouping.count() : 0;
  if (bytes_left <= 0 || count_left == 0) return 0;
  // What is known after one message is little, so the chunks grow step by step.
  size_t chunk = std::min({kMaxChunk, count_left, last_chunk * 8});
  if (grouping.count() > 0) {
    const int64_t average = std::max<int64_t>(1, grouping.bytes() / static_cast<int64_t>(grouping.count()));
    chunk = std::min(chunk, static_cast<size_t>(std::max<int64_t>(1, bytes_left / average)));
  }
  return chunk;
}

void Drain(ConsumerQueue& queue, const PollLimits& limits, Grouping* grouping) {
  rd_kafka_message_t* messages[kMaxChunk];
  for (size_t chunk = 1; (chunk = NextChunk(*grouping, limits, chunk)) > 0;) {
    const size_t count = queue.Consume(0, messages, chunk);
    grouping->Add(messages, count);
    if (count < chunk) return;
  }
}

}  // namespace

PollResult PollBatches(const std::shared_ptr<MessageOrigin>& origin, const PollLimits& limits,
                       const std::atomic<bool>& stop) {
  PollResult result;
  Grouping grouping(origin, &result);
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(limits.timeout_ms);
  while (!stop) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int slice_ms = static_cast<int>(std::clamp<int64_t>(left, 0, kSliceMs));
    {
      Handle::Use use(*origin->handle);
      if (use.gone()) break;
      if (use.ready()) {
        ConsumerQueue queue(use.rk());
        rd_kafka_message_t* first;
        if (queue.Consume(slice_ms, &first, 1) == 1) {
          grouping.Add(&first, 1);
          Drain(queue, limits, &grouping);
          if (!stop) return result;
          break;
        }
        if (left <= 0) return result;
        continue;
      }
    }
    if (left <= 0) return result;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  result = PollResult();
  result.closed = true;
  return result;
}

}  // namespace millrace
