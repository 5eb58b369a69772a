#include "batch-producer.h"

#include "arguments.h"
#include "attachments.h"
#include "batch-object.h"
#include "error.h"
#include "producer-core.h"

namespace millrace {

namespace {

const JsClass* producer_class = nullptr;

constexpr int64_t kMaxTimeoutMs = 86400000;

}  // namespace

void BatchProducer::Init() {
  producer_class = new JsClass("BatchProducer",
                               {{"send", Send},
                                {"sendRecord", SendRecord},
                                {"unblock", Unblock},
                                {"outstanding", Outstanding},
                                {"onEvent", OnEvent},
                                {"close", Close}},
                               {});
}

void BatchProducer::Attach(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kProducer);
  if (!handle || !Attachments::Add(handle->name())) return;
  std::shared_ptr<ProducerCore> core = ProducerCore::Start(handle);
  if (!core) {
    Attachments::Remove(handle->name());
    return ThrowClosed();
  }
  auto* self = new BatchProducer(core);
  v8::Local<v8::Object> object;
  if (!producer_class->NewInstance().ToLocal(&object)) {
    delete self;
    return;
  }
  self->Bind(object);
  info.GetReturnValue().Set(object);
}

BatchProducer::BatchProducer(std::shared_ptr<ProducerCore> core) : core_(std::move(core)) {}

BatchProducer::~BatchProducer() {
  if (!core_->closing()) core_->Close(0, nullptr);
}

void BatchProducer::Send(const v8::FunctionCallbackInfo<v8::Value>& info) {
  if (!BatchObject::IsInstance(info[0])) {
    RefuseArgument("batch", "a batch that poll() gave");
    return;
  }
  std::string topic;
  int32_t partition;
  int64_t lane;
  v8::Local<v8::Function> callback;
  if (!ReadTopic(info[1], "topic", &topic) || !ReadPartition(info[2], "partition", &partition) ||
      !ReadInteger(info[3], "lane", -kMaxSafeInteger, kMaxSafeInteger, &lane) ||
      !ReadFunction(info[4], "callback", &callback)) {
    return;
  }
  ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  auto* object = Unbind<BatchObject>(info[0]);
  if (object->empty()) {
    Nan::ThrowError(MakeError(kBatchReleased, "The records of this batch were released or sent."));
    return;
  }
  std::unique_ptr<Batch> batch = object->TakeBatch();
  core.Enqueue(std::make_unique<millrace::Send>(batch->TakeMessages(), std::move(topic), partition, lane,
                                                std::make_unique<JsCallback>(callback)));
}

void BatchProducer::SendRecord(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::string topic;
  int32_t partition;
  int64_t lane;
  v8::Local<v8::Function> callback;
  std::unique_ptr<OwnRecord> record = OwnRecord::Read(info[0]);
  if (!record || !ReadTopic(info[1], "topic", &topic) || !ReadPartition(info[2], "partition", &partition) ||
      !ReadInteger(info[3], "lane", -kMaxSafeInteger, kMaxSafeInteger, &lane) ||
      !ReadFunction(info[4], "callback", &callback)) {
    return;
  }
  // Only now: a getter of the record may have closed it.
  ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  core.Enqueue(std::make_unique<millrace::Send>(std::move(record), std::move(topic), partition, lane,
                                                std::make_unique<JsCallback>(callback)));
}

void BatchProducer::Unblock(const v8::FunctionCallbackInfo<v8::Value>& info) {
  int64_t lane;
  if (!ReadInteger(info[0], "lane", -kMaxSafeInteger, kMaxSafeInteger, &lane)) return;
  ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  core.Unblock(lane);
}

void BatchProducer::Outstanding(const v8::FunctionCallbackInfo<v8::Value>& info) {
  const ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  v8::Local<v8::Object> object = Nan::New<v8::Object>();
  Nan::Set(object, JsString("records"), Nan::New<v8::Number>(static_cast<double>(core.outstanding_records())));
  Nan::Set(object, JsString("sends"), Nan::New<v8::Number>(static_cast<double>(core.outstanding_sends())));
  info.GetReturnValue().Set(object);
}

void BatchProducer::OnEvent(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  // To stop listening is allowed at any time.
  if (info[0]->IsFunction() && !core.IsOpen()) return ThrowClosed();
  core.events().Set(info[0]);
}

void BatchProducer::Close(const v8::FunctionCallbackInfo<v8::Value>& info) {
  int64_t drain_timeout_ms;
  v8::Local<v8::Function> callback;
  if (!ReadInteger(info[0], "drainTimeoutMs", 0, kMaxTimeoutMs, &drain_timeout_ms) ||
      !ReadFunction(info[1], "callback", &callback)) {
    return;
  }
  ProducerCore& core = *Unbind<BatchProducer>(info.This())->core_;
  if (core.closing()) return ThrowClosed();
  core.Close(static_cast<int>(drain_timeout_ms), std::make_unique<JsCallback>(callback));
}

}  // namespace millrace
