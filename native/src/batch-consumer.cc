#include "batch-consumer.h"

#include "arguments.h"
#include "attachments.h"
#include "consumer-core.h"
#include "error.h"

namespace millrace {

namespace {

const JsClass* consumer_class = nullptr;

/** A day: nobody waits longer, and sums of milliseconds stay far from overflow. */
constexpr int64_t kMaxTimeoutMs = 86400000;
constexpr int64_t kMaxPollBytes = int64_t{1} << 40;
constexpr int64_t kMaxPollCount = 100000000;

}  // namespace

void BatchConsumer::Init() {
  consumer_class = new JsClass("BatchConsumer",
                               {{"poll", Poll},
                                {"digest", Digest},
                                {"commit", Commit},
                                {"held", Held},
                                {"onEvent", OnEvent},
                                {"assignmentLost", AssignmentLost},
                                {"close", Close}},
                               {});
}

void BatchConsumer::Attach(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kConsumer);
  if (!handle || !Attachments::Add(handle->name())) return;
  std::shared_ptr<ConsumerCore> core = ConsumerCore::Start(handle);
  if (!core) {
    Attachments::Remove(handle->name());
    return ThrowClosed();
  }
  auto* self = new BatchConsumer(core);
  v8::Local<v8::Object> object;
  if (!consumer_class->NewInstance().ToLocal(&object)) {
    delete self;
    return;
  }
  self->Bind(object);
  info.GetReturnValue().Set(object);
}

BatchConsumer::BatchConsumer(std::shared_ptr<ConsumerCore> core) : core_(std::move(core)) {}

BatchConsumer::~BatchConsumer() {
  if (!core_->closing()) core_->Close(nullptr);
}

namespace {

bool ReadLimits(const v8::FunctionCallbackInfo<v8::Value>& info, PollLimits* limits) {
  int64_t max_count;
  int64_t timeout_ms;
  if (!ReadInteger(info[0], "maxBytes", 1, kMaxPollBytes, &limits->max_bytes) ||
      !ReadInteger(info[1], "maxCount", 1, kMaxPollCount, &max_count) ||
      !ReadInteger(info[2], "timeoutMs", 0, kMaxTimeoutMs, &timeout_ms)) {
    return false;
  }
  limits->max_count = static_cast<size_t>(max_count);
  limits->timeout_ms = static_cast<int>(timeout_ms);
  return true;
}

}  // namespace

void BatchConsumer::Poll(const v8::FunctionCallbackInfo<v8::Value>& info) {
  PollLimits limits;
  v8::Local<v8::Function> callback;
  if (!ReadLimits(info, &limits) || !ReadFunction(info[3], "callback", &callback)) return;
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  core.Poll(limits, std::make_unique<JsCallback>(callback));
}

void BatchConsumer::Digest(const v8::FunctionCallbackInfo<v8::Value>& info) {
  PollLimits limits;
  v8::Local<v8::Function> callback;
  if (!ReadLimits(info, &limits)) return;
  if (!info[3]->IsBoolean() || !info[4]->IsBoolean()) {
    RefuseArgument(info[3]->IsBoolean() ? "withKeys" : "withTimestamps", "a boolean");
    return;
  }
  if (!ReadFunction(info[5], "callback", &callback)) return;
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  core.Digest(limits, {info[3]->IsTrue(), info[4]->IsTrue()}, std::make_unique<JsCallback>(callback));
}

void BatchConsumer::Commit(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::vector<CommitOffset> offsets;
  v8::Local<v8::Function> callback;
  if (!ReadCommitOffsets(info[0], "offsets", &offsets) || !ReadFunction(info[1], "callback", &callback)) return;
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  core.Commit(std::move(offsets), std::make_unique<JsCallback>(callback));
}

void BatchConsumer::Held(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(static_cast<double>(Unbind<BatchConsumer>(info.This())->core_->held()));
}

void BatchConsumer::OnEvent(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  // To stop listening is allowed at any time.
  if (!info[0]->IsUndefined() && info[0]->IsFunction() && !core.IsOpen()) return ThrowClosed();
  core.events().Set(info[0]);
}

void BatchConsumer::AssignmentLost(const v8::FunctionCallbackInfo<v8::Value>& info) {
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  if (!core.IsOpen()) return ThrowClosed();
  info.GetReturnValue().Set(core.IsAssignmentLost());
}

void BatchConsumer::Close(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Local<v8::Function> callback;
  if (!ReadFunction(info[0], "callback", &callback)) return;
  ConsumerCore& core = *Unbind<BatchConsumer>(info.This())->core_;
  if (core.closing()) return ThrowClosed();
  if (core.held() > 0) {
    auto refused = std::make_shared<JsCallback>(callback);
    Completions::Post(Task([refused, held = core.held()] {
      refused->Fail(MakeError(kRecordsHeld, std::to_string(held) + " records are held: release or send them first."));
    }));
    return;
  }
  core.Close(std::make_unique<JsCallback>(callback));
}

}  // namespace millrace
