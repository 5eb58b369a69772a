#include "commit.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "reply-queue.h"

namespace millrace {

namespace {

/** What the answer is written into. Left to a late answer when nobody waits any more, hence shared. */
struct Answer {
  bool arrived = false;
  CommitResult result;
};

void OnCommitted(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* offsets, void* opaque) {
  auto* answer = static_cast<Answer*>(opaque);
  answer->arrived = true;
  if (offsets == nullptr) {
    answer->result.error.code = error;
    return;
  }
  for (int i = 0; i < offsets->cnt; i++) {
    const rd_kafka_topic_partition_t& offset = offsets->elems[i];
    answer->result.offsets.push_back({offset.topic, offset.partition, offset.offset, offset.err ? offset.err : error});
  }
}

}  // namespace

rd_kafka_topic_partition_list_t* MakeOffsetList(const std::vector<CommitOffset>& offsets) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()));
  for (const CommitOffset& offset : offsets) {
    rd_kafka_topic_partition_t* element =
        rd_kafka_topic_partition_list_add(list, offset.topic.c_str(), offset.partition);
    element->offset = offset.offset;
    if (offset.leader_epoch >= 0) rd_kafka_topic_partition_set_leader_epoch(element, offset.leader_epoch);
    if (offset.metadata.empty()) continue;
    // Freed with the list.
    element->metadata = malloc(offset.metadata.size());
    std::memcpy(element->metadata, offset.metadata.data(), offset.metadata.size());
    element->metadata_size = offset.metadata.size();
  }
  return list;
}

CommitResult CommitOffsets(Handle& handle, const std::vector<CommitOffset>& offsets, const std::atomic<bool>& stop) {
  Answer answer;
  ReplyQueue replies(handle);
  const auto stopped = [&stop] { return stop.load(); };
  const ReplyQueue::Outcome outcome = replies.Run(
      stopped, ReplyQueue::kNoDeadline,
      [&](rd_kafka_t* rk, rd_kafka_queue_t* queue) {
        rd_kafka_topic_partition_list_t* list = MakeOffsetList(offsets);
        answer.result.error.code = rd_kafka_commit_queue(rk, list, queue, OnCommitted, &answer);
        rd_kafka_topic_partition_list_destroy(list);
        return answer.result.error.code == RD_KAFKA_RESP_ERR_NO_ERROR;
      },
      [&](rd_kafka_queue_t* queue, int slice_ms) {
        rd_kafka_queue_poll_callback(queue, slice_ms);
        return answer.arrived;
      });
  if (outcome == ReplyQueue::Outcome::kClosed) answer.result.closed = true;
  return std::move(answer.result);
}

}  // namespace millrace
