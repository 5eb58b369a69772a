#include "consumer-core.h"

#include <chrono>
#include <cstring>
#include <thread>

#include "attachments.h"
#include "batch-object.h"
#include "error.h"

namespace millrace {

namespace {

void Set(v8::Local<v8::Object> object, const char* key, v8::Local<v8::Value> value) {
  Nan::Set(object, JsString(key), value);
}

void SetNumber(v8::Local<v8::Object> object, const char* key, int64_t value) {
  Set(object, key, Nan::New<v8::Number>(static_cast<double>(value)));
}

v8::Local<v8::Object> MakePlace(const std::string& topic, int32_t partition, int64_t offset) {
  v8::Local<v8::Object> place = Nan::New<v8::Object>();
  Set(place, "topic", JsString(topic));
  SetNumber(place, "partition", partition);
  SetNumber(place, "offset", offset);
  return place;
}

v8::Local<v8::Object> MakeAnswer(const PollResult& result, v8::Local<v8::Array> batches) {
  v8::Local<v8::Array> ends = Nan::New<v8::Array>();
  for (const EndOfPartition& end : result.ends) {
    Nan::Set(ends, ends->Length(), MakePlace(end.topic, end.partition, end.offset));
  }
  v8::Local<v8::Array> errors = Nan::New<v8::Array>();
  for (const ConsumeError& error : result.errors) {
    v8::Local<v8::Object> object = MakePlace(error.topic, error.partition, error.offset);
    SetNumber(object, "code", error.code);
    Set(object, "name", JsString(ErrorName(error.code)));
    Set(object, "text", JsString(error.text));
    Nan::Set(errors, errors->Length(), object);
  }
  v8::Local<v8::Object> poll = Nan::New<v8::Object>();
  Set(poll, "batches", batches);
  Set(poll, "ends", ends);
  Set(poll, "errors", errors);
  return poll;
}

v8::Local<v8::Value> MakePoll(PollResult* result) {
  v8::Local<v8::Array> batches = Nan::New<v8::Array>();
  for (std::unique_ptr<Batch>& batch : result->batches) {
    v8::Local<v8::Object> object;
    if (BatchObject::Wrap(std::move(batch)).ToLocal(&object)) Nan::Set(batches, batches->Length(), object);
  }
  return MakeAnswer(*result, batches);
}

/** Four 32-bit words a record: JavaScript compares them as they are. */
v8::Local<v8::Value> MakeWords(const std::vector<RecordDigest>& digests) {
  const size_t size = digests.size() * sizeof(RecordDigest);
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), size);
  if (size > 0) memcpy(buffer->GetBackingStore()->Data(), digests.data(), size);
  return v8::Uint32Array::New(buffer, 0, size / sizeof(uint32_t));
}

v8::Local<v8::Value> MakeSpans(const std::vector<OffsetSpan>& spans) {
  const size_t length = spans.size() * 2;
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), length * sizeof(double));
  auto* numbers = static_cast<double*>(buffer->GetBackingStore()->Data());
  for (const OffsetSpan& span : spans) {
    *numbers++ = static_cast<double>(span.first);
    *numbers++ = static_cast<double>(span.count);
  }
  return v8::Float64Array::New(buffer, 0, length);
}

v8::Local<v8::Value> MakeDigests(const PollResult& result, const std::vector<BatchDigest>& digests) {
  v8::Local<v8::Array> batches = Nan::New<v8::Array>();
  for (const BatchDigest& batch : digests) {
    v8::Local<v8::Object> object = Nan::New<v8::Object>();
    Set(object, "topic", JsString(batch.topic));
    SetNumber(object, "partition", batch.partition);
    SetNumber(object, "bytes", batch.bytes);
    Set(object, "spans", MakeSpans(batch.spans));
    Set(object, "words", MakeWords(batch.digests));
    Set(object, "keys", MakeWords(batch.keys));
    Nan::Set(batches, batches->Length(), object);
  }
  return MakeAnswer(result, batches);
}

v8::Local<v8::Value> MakeCommit(const CommitResult& result) {
  v8::Local<v8::Array> offsets = Nan::New<v8::Array>();
  for (const OffsetResult& offset : result.offsets) {
    v8::Local<v8::Object> object = MakePlace(offset.topic, offset.partition, offset.offset);
    SetNumber(object, "code", offset.code);
    Set(object, "name", JsString(ErrorName(offset.code)));
    Nan::Set(offsets, offsets->Length(), object);
  }
  return offsets;
}

}  // namespace

std::shared_ptr<ConsumerCore> ConsumerCore::Start(std::shared_ptr<Handle> handle) {
  auto core = std::make_shared<ConsumerCore>(handle);
  Handle::Use use(*handle);
  if (!use.ready()) return nullptr;
  core->tap_ = HandleTap::Install(use, core.get(), false);
  core->exit_token_ = Completions::OnExit([raw = core.get()] { raw->StopAtExit(); });
  return core;
}

ConsumerCore::ConsumerCore(std::shared_ptr<Handle> handle)
    : handle_(handle),
      origin_(std::make_shared<MessageOrigin>(std::move(handle))),
      events_(std::make_shared<EventListener>()) {}

ConsumerCore::~ConsumerCore() = default;

bool ConsumerCore::IsOpen() {
  if (closing_) return false;
  Handle::Use use(*handle_);
  return use.ready();
}

bool ConsumerCore::IsAssignmentLost() {
  Handle::Use use(*handle_);
  return use.ready() && rd_kafka_assignment_lost(use.rk()) != 0;
}

void ConsumerCore::Poll(PollLimits limits, std::unique_ptr<JsCallback> callback) {
  polls_.Post(Task([self = shared_from_this(), limits, callback = std::move(callback)]() mutable {
    PollResult result = PollBatches(self->origin_, limits, self->closing_);
    Completions::Post(Task([self, callback = std::move(callback), result = std::move(result)]() mutable {
      // What was taken while close() was called is read again by the next consumer.
      if (result.closed || self->closing()) {
        result = PollResult();
        callback->Fail(MakeClosedError());
      } else {
        callback->Succeed(MakePoll(&result));
      }
    }));
  }));
}

void ConsumerCore::Digest(PollLimits limits, DigestParts parts, std::unique_ptr<JsCallback> callback) {
  polls_.Post(Task([self = shared_from_this(), limits, parts, callback = std::move(callback)]() mutable {
    PollResult result = PollBatches(self->origin_, limits, self->closing_);
    std::vector<BatchDigest> digests = DigestBatches(&result, parts);
    Completions::Post(Task(
        [self, callback = std::move(callback), result = std::move(result), digests = std::move(digests)]() mutable {
          if (result.closed || self->closing()) {
            callback->Fail(MakeClosedError());
          } else {
            callback->Succeed(MakeDigests(result, digests));
          }
        }));
  }));
}

void ConsumerCore::Commit(std::vector<CommitOffset> offsets, std::unique_ptr<JsCallback> callback) {
  commits_.Post(
      Task([self = shared_from_this(), offsets = std::move(offsets), callback = std::move(callback)]() mutable {
        CommitResult result;
        if (!offsets.empty()) result = CommitOffsets(*self->handle_, offsets, self->closing_);
        Completions::Post(Task([callback = std::move(callback), result = std::move(result)]() mutable {
          if (result.closed) {
            callback->Fail(MakeClosedError());
          } else if (result.error.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            callback->Fail(MakeRequestError(kCommitFailed, result.error));
          } else {
            callback->Succeed(MakeCommit(result));
          }
        }));
      }));
}

void ConsumerCore::Close(std::unique_ptr<JsCallback> callback) {
  closing_ = true;
  WakePoll();
  events_->Clear();
  // Runs after every poll; the commits end by themselves because `closing_` is set.
  polls_.Post(Task([self = shared_from_this(), callback = std::move(callback)]() mutable {
    self->commits_.Finish();
    self->commits_.Join();
    self->RemoveTap();
    Completions::Post(Task([self, callback = std::move(callback)]() mutable {
      self->polls_.Finish();
      self->polls_.Join();
      Completions::ForgetExit(self->exit_token_);
      Attachments::Remove(self->handle_->name());
      if (callback) callback->Succeed(Nan::Undefined());
    }));
  }));
}

/** A poll that waits for its first message gives up now instead of within 100 ms. */
void ConsumerCore::WakePoll() {
  Handle::Use use(*handle_);
  if (!use.ready()) return;
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(use.rk());
  if (queue == nullptr) return;
  rd_kafka_queue_yield(queue);
  rd_kafka_queue_destroy(queue);
}

void ConsumerCore::RemoveTap() {
  for (;;) {
    Handle::Use use(*handle_);
    if (use.ready() || use.gone()) {
      HandleTap::Remove(tap_, use);
      tap_ = nullptr;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void ConsumerCore::StopAtExit() {
  closing_ = true;
  WakePoll();
  polls_.Finish();
  polls_.Join();
  commits_.Finish();
  commits_.Join();
}

}  // namespace millrace
