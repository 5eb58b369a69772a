#include "send.h"

#include <algorithm>

#include "counters.h"

namespace millrace {

FailureKind KindOf(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
    case RD_KAFKA_RESP_ERR__DESTROY:
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    case RD_KAFKA_RESP_ERR__FENCED:
    // Another record of the request was at fault (KIP-467).
    case RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD:
      return FailureKind::kPurged;
    default:
      return FailureKind::kRefused;
  }
}

bool IsRecordFault(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
      return true;
    default:
      return false;
  }
}

namespace {

void AddTo(std::vector<OffsetRange>* ranges, int64_t offset) {
  if (!ranges->empty() && ranges->back().offset + ranges->back().count == offset) {
    ranges->back().count++;
  } else {
    ranges->push_back({offset, 1});
  }
}

}  // namespace

Send::Send(MessageList messages, std::string topic, int32_t partition, int64_t lane,
           std::unique_ptr<JsCallback> callback)
    : messages_(std::move(messages)),
      topic_(std::move(topic)),
      partition_(partition),
      lane_(lane),
      total_(messages_.size()),
      first_offset_(messages_[0]->offset),
      callback_(std::move(callback)) {
  counters().sends_in_flight++;
}

Send::Send(std::unique_ptr<OwnRecord> record, std::string topic, int32_t partition, int64_t lane,
           std::unique_ptr<JsCallback> callback)
    : messages_(nullptr),
      own_(std::move(record)),
      topic_(std::move(topic)),
      partition_(partition),
      lane_(lane),
      total_(1),
      first_offset_(own_->offset()),
      headers_(own_->DetachHeaders()),
      headers_detached_(true),
      callback_(std::move(callback)) {
  counters().sends_in_flight++;
}

Send::Enqueued Send::Enqueue(rd_kafka_t* rk, size_t max) {
  // A handle for this call only: the client can be destroyed as soon as the connection lock is free.
  rd_kafka_topic_t* topic = rd_kafka_topic_new(rk, topic_.c_str(), nullptr);
  if (topic == nullptr) {
    const rd_kafka_resp_err_t code = rd_kafka_last_error();
    FailRest(code, KindOf(code));
    return Enqueued::kFailed;
  }
  if (!slots_) slots_ = std::make_unique_for_overwrite<Slot[]>(total_);
  const size_t begin = next_;
  const size_t end = std::min(total_, begin + max);
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (own_ != nullptr) {
    code = EnqueueOwn(rk, topic);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) next_++;
  } else {
    while (next_ < end) {
      code = EnqueueMessage(rk, topic, messages_[next_]);
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR) break;
      messages_.DestroyAt(next_);
      next_++;
    }
    messages_.CountFreed(next_ - begin);
  }
  pending_ += next_ - begin;
  if (next_ > begin) guard_->Enqueued(target_, next_ - begin);
  rd_kafka_topic_destroy(topic);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return next_ == total_ ? Enqueued::kAll : Enqueued::kSome;
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return Enqueued::kQueueFull;
  FailRest(code, KindOf(code));
  return Enqueued::kFailed;
}

rd_kafka_resp_err_t Send::EnqueueMessage(rd_kafka_t* rk, rd_kafka_topic_t* topic, rd_kafka_message_t* message) {
  if (!headers_detached_) {
    headers_ = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_message_detach_headers(message, &headers_);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__NOENT) return code;
  }
  return EnqueueParts(
      rk, topic,
      {message->offset, TimestampOf(message), message->payload, message->len, message->key, message->key_len});
}

rd_kafka_resp_err_t Send::EnqueueOwn(rd_kafka_t* rk, rd_kafka_topic_t* topic) {
  return EnqueueParts(rk, topic,
                      {own_->offset(), own_->timestamp(), own_->value().data(), own_->value().size(),
                       own_->key().data(), own_->key().size()});
}

rd_kafka_resp_err_t Send::EnqueueParts(rd_kafka_t* rk, rd_kafka_topic_t* topic, const Parts& parts) {
  Slot& slot = slots_[next_];
  slot.send = this;
  slot.offset = static_cast<uint64_t>(parts.offset);
  // librdkafka takes 0 for "now".
  slot.altered = parts.timestamp <= 0;

  rd_kafka_vu_t args[8];
  size_t count = 0;
  args[count].vtype = RD_KAFKA_VTYPE_RKT;
  args[count++].u.rkt = topic;
  args[count].vtype = RD_KAFKA_VTYPE_PARTITION;
  args[count++].u.i32 = partition_;
  args[count].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  args[count++].u.i = RD_KAFKA_MSG_F_COPY;
  // A null pointer is a null, a pointer with size 0 is empty.
  args[count].vtype = RD_KAFKA_VTYPE_VALUE;
  args[count].u.mem.ptr = const_cast<void*>(parts.value);
  args[count++].u.mem.size = parts.value_size;
  args[count].vtype = RD_KAFKA_VTYPE_KEY;
  args[count].u.mem.ptr = const_cast<void*>(parts.key);
  args[count++].u.mem.size = parts.key_size;
  args[count].vtype = RD_KAFKA_VTYPE_OPAQUE;
  args[count++].u.ptr = slot.opaque();
  if (parts.timestamp > 0) {
    args[count].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    args[count++].u.i64 = parts.timestamp;
  }
  if (headers_ != nullptr) {
    args[count].vtype = RD_KAFKA_VTYPE_HEADERS;
    args[count++].u.headers = headers_;
  }

  rd_kafka_error_t* error = rd_kafka_produceva(rk, args, count);
  if (error == nullptr) {
    headers_ = nullptr;
    headers_detached_ = false;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  // The headers are still ours. The message doesn't have them any more, so another attempt needs these.
  headers_detached_ = true;
  return code;
}

bool Send::Report(const Slot& slot, const rd_kafka_message_t* message) {
  pending_--;
  target_->Reported();
  const auto offset = static_cast<int64_t>(slot.offset);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    AddFailure(offset, 1, message->err, KindOf(message->err));
    if (IsRecordFault(message->err)) {
      if (result_.faulted.empty()) result_.fault = message->err;
      AddTo(&result_.faulted, offset);
    }
    return true;
  }
  if (slot.altered) {
    result_.altered++;
    AddTo(&result_.altered_ranges, offset);
  }
  AddDelivered(offset, message->offset < 0 ? -1 : message->offset);
  return false;
}

void Send::AddDelivered(int64_t source, int64_t target) {
  result_.delivered++;
  if (!result_.runs.empty()) {
    OffsetRun& last = result_.runs.back();
    if (source == last.source + last.count && target == (last.target < 0 ? -1 : last.target + last.count)) {
      last.count++;
      return;
    }
  }
  result_.runs.push_back({source, target, 1});
}

void Send::AddFailure(int64_t offset, int64_t count, rd_kafka_resp_err_t code, FailureKind kind) {
  result_.failed += count;
  if (result_.failed_offset >= 0 && result_.failed_offset <= offset) return;
  result_.failed_offset = offset;
  result_.failed_code = code;
  result_.failed_kind = kind;
}

void Send::FailRest(rd_kafka_resp_err_t code, FailureKind kind) {
  if (headers_ != nullptr) rd_kafka_headers_destroy(headers_);
  headers_ = nullptr;
  headers_detached_ = false;
  if (next_ == total_) return;
  const int64_t offset = own_ != nullptr ? own_->offset() : messages_[next_]->offset;
  AddFailure(offset, static_cast<int64_t>(total_ - next_), code, kind);
  // librdkafka has refused this record before any broker could.
  if (IsRecordFault(code) && kind == FailureKind::kRefused && result_.faulted.empty()) {
    result_.fault = code;
    AddTo(&result_.faulted, offset);
  }
  messages_.Free();
  next_ = total_;
}

void Send::FailPending(rd_kafka_resp_err_t code) {
  if (pending_ == 0) return;
  // Which ones were reported is not known; the first record is not above any of them.
  AddFailure(first_offset_, static_cast<int64_t>(pending_), code, KindOf(code));
  pending_ = 0;
}

void Send::Complete() {
  Completions::Post(Task([callback = std::move(callback_), result = std::move(result_)]() mutable {
    counters().sends_in_flight--;
    callback->Succeed(MakeSendResult(result));
  }));
}

}  // namespace millrace
