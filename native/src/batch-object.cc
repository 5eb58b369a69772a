#include "batch-object.h"

#include <algorithm>
#include <string>

#include "arguments.h"
#include "counters.h"
#include "error.h"

namespace millrace {

namespace {

const JsClass* batch_class = nullptr;

/** librdkafka's op of 304 B and message of 176 B. */
constexpr int64_t kRecordOverheadBytes = 512;

/** More than this of a header's value is not looked at; a trace context is shorter. */
constexpr size_t kMaxFoundBytes = 512;
constexpr size_t kMaxHeaderNameLength = 255;
constexpr int64_t kMaxRecordsLookedAt = 1024;

bool SetProperty(v8::Local<v8::Object> object, const char* key, v8::Local<v8::Value> value) {
  // Never a setter that somebody put on Object.prototype: it could release the batch.
  return object->CreateDataProperty(Nan::GetCurrentContext(), JsString(key), value).FromMaybe(false);
}

bool CopyBytes(const void* bytes, size_t size, v8::Local<v8::Value>* out) {
  if (bytes == nullptr) {
    *out = Nan::Null();
    return true;
  }
  v8::Local<v8::Object> buffer;
  if (!Nan::CopyBuffer(static_cast<const char*>(bytes), static_cast<uint32_t>(size)).ToLocal(&buffer)) return false;
  *out = buffer;
  return true;
}

bool CopyHeaders(const rd_kafka_message_t* message, v8::Local<v8::Array> out) {
  rd_kafka_headers_t* headers;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  const char* name;
  const void* value;
  size_t size;
  for (uint32_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
    v8::Local<v8::Value> name_bytes;
    v8::Local<v8::Value> value_bytes;
    if (!CopyBytes(name, strlen(name), &name_bytes) || !CopyBytes(value, size, &value_bytes)) return false;
    v8::Local<v8::Object> header = Nan::New<v8::Object>();
    SetProperty(header, "name", name_bytes);
    SetProperty(header, "value", value_bytes);
    if (!out->CreateDataProperty(Nan::GetCurrentContext(), i, header).FromMaybe(false)) return false;
  }
  return true;
}

bool CopyRecord(const rd_kafka_message_t* message, v8::Local<v8::Object> out) {
  v8::Local<v8::Value> key;
  v8::Local<v8::Value> value;
  v8::Local<v8::Array> headers = Nan::New<v8::Array>();
  if (!CopyBytes(message->key, message->key_len, &key) || !CopyBytes(message->payload, message->len, &value) ||
      !CopyHeaders(message, headers)) {
    return false;
  }
  return SetProperty(out, "offset", Nan::New<v8::Number>(static_cast<double>(message->offset))) &&
         SetProperty(out, "timestamp", Nan::New<v8::Number>(static_cast<double>(TimestampOf(message)))) &&
         SetProperty(out, "key", key) && SetProperty(out, "value", value) && SetProperty(out, "headers", headers);
}

/** The last header of that name, as Kafka's own lastHeader() chooses. Null if there is none, or it has no value. */
const void* FindHeader(const rd_kafka_message_t* message, const char* name, size_t* size) {
  // Parsed headers stay with the message and move to the new record as if nobody had looked.
  rd_kafka_headers_t* headers;
  if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return nullptr;
  const void* value;
  if (rd_kafka_header_get_last(headers, name, &value, size) != RD_KAFKA_RESP_ERR_NO_ERROR) return nullptr;
  return value;
}

}  // namespace

void BatchObject::Init() {
  batch_class = new JsClass("Batch",
                            {{"take", Take},
                             {"offsetAtOrAfter", OffsetAtOrAfter},
                             {"outside", Outside},
                             {"findHeaders", FindHeaders},
                             {"records", Records},
                             {"release", Release}},
                            {{"topic", Topic},
                             {"partition", Partition},
                             {"firstOffset", FirstOffset},
                             {"lastOffset", LastOffset},
                             {"count", Count},
                             {"bytes", Bytes},
                             {"firstTimestamp", FirstTimestamp},
                             {"maxTimestamp", MaxTimestamp},
                             {"minTimestamp", MinTimestamp},
                             {"largest", Largest},
                             {"hasKeyless", HasKeyless},
                             {"leaderEpoch", LeaderEpoch}});
}

bool BatchObject::IsInstance(v8::Local<v8::Value> value) { return batch_class->IsInstance(value); }

v8::MaybeLocal<v8::Object> BatchObject::Wrap(std::unique_ptr<Batch> batch) {
  v8::Local<v8::Object> object;
  if (!batch_class->NewInstance().ToLocal(&object)) return v8::MaybeLocal<v8::Object>();
  auto* self = new BatchObject(std::move(batch));
  self->Bind(object);
  return object;
}

BatchObject::BatchObject(std::unique_ptr<Batch> batch) : batch_(std::move(batch)) { Charge(); }

BatchObject::~BatchObject() {
  if (batch_ == nullptr) return;
  counters().batches_leaked++;
  Uncharge();
}

std::unique_ptr<Batch> BatchObject::TakeBatch() {
  if (batch_ != nullptr) Uncharge();
  return std::move(batch_);
}

void BatchObject::Charge() {
  count_ = batch_->count();
  charged_ = batch_->bytes() + static_cast<int64_t>(count_) * kRecordOverheadBytes;
  v8::Isolate::GetCurrent()->AdjustAmountOfExternalAllocatedMemory(charged_);
}

void BatchObject::Uncharge() {
  v8::Isolate::GetCurrent()->AdjustAmountOfExternalAllocatedMemory(-charged_);
  charged_ = 0;
}

Batch* BatchObject::Receive(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Batch* batch = Unbind<BatchObject>(info.This())->batch_.get();
  if (batch == nullptr) Nan::ThrowError(MakeError(kBatchReleased, "The records of this batch were released or sent."));
  return batch;
}

template <typename Read>
void BatchObject::ReadNumber(const v8::FunctionCallbackInfo<v8::Value>& info, Read read) {
  if (Batch* batch = Receive(info)) info.GetReturnValue().Set(static_cast<double>(read(*batch)));
}

void BatchObject::Topic(const v8::FunctionCallbackInfo<v8::Value>& info) {
  if (Batch* batch = Receive(info)) info.GetReturnValue().Set(JsString(batch->topic()));
}
void BatchObject::Partition(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.partition(); });
}
void BatchObject::FirstOffset(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.first_offset(); });
}
void BatchObject::LastOffset(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.last_offset(); });
}
void BatchObject::Count(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(static_cast<double>(Unbind<BatchObject>(info.This())->count_));
}
void BatchObject::Bytes(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.bytes(); });
}
void BatchObject::FirstTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.first_timestamp(); });
}
void BatchObject::MaxTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.max_timestamp(); });
}
void BatchObject::MinTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.min_timestamp(); });
}
void BatchObject::Largest(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.largest(); });
}
void BatchObject::HasKeyless(const v8::FunctionCallbackInfo<v8::Value>& info) {
  if (Batch* batch = Receive(info)) info.GetReturnValue().Set(batch->has_keyless());
}
void BatchObject::LeaderEpoch(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ReadNumber(info, [](Batch& batch) { return batch.leader_epoch(); });
}

void BatchObject::Take(const v8::FunctionCallbackInfo<v8::Value>& info) {
  int64_t from;
  int64_t to;
  if (!ReadInteger(info[0], "from", 0, kMaxSafeInteger, &from) || !ReadInteger(info[1], "to", 0, kMaxSafeInteger, &to))
    return;
  Batch* batch = Receive(info);
  if (batch == nullptr) return;
  auto* self = Unbind<BatchObject>(info.This());
  bool emptied;
  std::unique_ptr<Batch> taken = batch->Take(from, to, &emptied);
  if (!taken) return;
  self->Uncharge();
  if (emptied) {
    self->batch_.reset();
    self->count_ = 0;
  } else {
    self->Charge();
  }
  v8::Local<v8::Object> object;
  if (Wrap(std::move(taken)).ToLocal(&object)) info.GetReturnValue().Set(object);
}

void BatchObject::OffsetAtOrAfter(const v8::FunctionCallbackInfo<v8::Value>& info) {
  int64_t timestamp;
  if (!ReadInteger(info[0], "timestamp", -kMaxSafeInteger, kMaxSafeInteger, &timestamp)) return;
  Batch* batch = Receive(info);
  if (batch == nullptr) return;
  const std::optional<int64_t> offset = batch->OffsetAtOrAfter(timestamp);
  if (offset) info.GetReturnValue().Set(static_cast<double>(*offset));
}

void BatchObject::Outside(const v8::FunctionCallbackInfo<v8::Value>& info) {
  RecordLimits limits;
  if (!ReadInteger(info[0], "maxBytes", -1, kMaxSafeInteger, &limits.max_bytes) ||
      !ReadInteger(info[1], "minTimestamp", -kMaxSafeInteger, kMaxSafeInteger, &limits.min_timestamp) ||
      !ReadInteger(info[2], "maxTimestamp", -kMaxSafeInteger, kMaxSafeInteger, &limits.max_timestamp))
    return;
  if (!info[3]->IsBoolean()) {
    RefuseArgument("keyed", "true or false");
    return;
  }
  limits.keyed = info[3]->IsTrue();
  Batch* batch = Receive(info);
  if (batch == nullptr) return;
  v8::Local<v8::Array> offsets = Nan::New<v8::Array>();
  uint32_t count = 0;
  for (const int64_t offset : batch->Outside(limits)) {
    Nan::HandleScope scope;
    v8::Local<v8::Value> number = Nan::New<v8::Number>(static_cast<double>(offset));
    if (!offsets->CreateDataProperty(Nan::GetCurrentContext(), count++, number).FromMaybe(false)) return;
  }
  info.GetReturnValue().Set(offsets);
}

void BatchObject::FindHeaders(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::string name;
  int64_t max_records;
  int64_t from;
  int64_t to;
  if (!ReadText(info[0], "name", 1, kMaxHeaderNameLength, &name) ||
      !ReadInteger(info[1], "maxRecords", 0, kMaxRecordsLookedAt, &max_records) ||
      !ReadInteger(info[2], "from", 0, kMaxSafeInteger, &from) || !ReadInteger(info[3], "to", 0, kMaxSafeInteger, &to))
    return;
  Batch* batch = Receive(info);
  if (batch == nullptr) return;
  v8::Local<v8::Array> found = Nan::New<v8::Array>();
  uint32_t count = 0;
  for (const rd_kafka_message_t* message : batch->Spread(from, to, static_cast<size_t>(max_records))) {
    Nan::HandleScope scope;
    size_t size;
    const void* bytes = FindHeader(message, name.c_str(), &size);
    if (bytes == nullptr) continue;
    v8::Local<v8::Value> value;
    if (!CopyBytes(bytes, std::min(size, kMaxFoundBytes), &value)) return;
    v8::Local<v8::Object> one = Nan::New<v8::Object>();
    if (!SetProperty(one, "offset", Nan::New<v8::Number>(static_cast<double>(message->offset))) ||
        !SetProperty(one, "value", value) ||
        !found->CreateDataProperty(Nan::GetCurrentContext(), count++, one).FromMaybe(false))
      return;
  }
  info.GetReturnValue().Set(found);
}

void BatchObject::Records(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Batch* batch = Receive(info);
  if (batch == nullptr) return;
  const MessageList& messages = batch->messages();
  v8::Local<v8::Array> records = Nan::New<v8::Array>(static_cast<int>(messages.size()));
  for (size_t i = 0; i < messages.size(); i++) {
    Nan::HandleScope scope;
    v8::Local<v8::Object> record = Nan::New<v8::Object>();
    if (!CopyRecord(messages[i], record)) return;
    if (!records->CreateDataProperty(Nan::GetCurrentContext(), static_cast<uint32_t>(i), record).FromMaybe(false))
      return;
  }
  info.GetReturnValue().Set(records);
}

void BatchObject::Release(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Unbind<BatchObject>(info.This())->TakeBatch().reset();
}

}  // namespace millrace
