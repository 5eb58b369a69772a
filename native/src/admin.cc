#include "admin.h"

#include <atomic>
#include <functional>
#include <unordered_map>

#include "admin-request.h"
#include "arguments.h"
#include "cancellations.h"
#include "completions.h"
#include "handle.h"
#include "reply-queue.h"
#include "request-threads.h"

namespace millrace {

namespace {

constexpr int64_t kMaxTimeoutMs = 3600000;
/** librdkafka answers by itself when the time is up; this is how much longer we wait for that answer. */
constexpr int kGraceMs = 2000;

struct Outcome {
  Answer answer;
  RequestError error;
  bool closed = false;
};

/** Lets librdkafka choose the broker: the controller, the coordinator or the leader, as the request needs. */
constexpr int64_t kAnyBroker = -1;

bool ReadBrokerId(v8::Local<v8::Object> args, int64_t* out) {
  v8::Local<v8::Value> value;
  *out = kAnyBroker;
  if (!GetProperty(args, "brokerId", &value)) return false;
  return value->IsUndefined() || ReadInteger(value, "brokerId", 0, INT32_MAX, out);
}

Outcome Perform(Handle& handle, const AdminRequest& request, const Cancellations::Flag& cancelled, int timeout_ms,
                int64_t broker_id) {
  Outcome outcome;
  ReplyQueue replies(handle);
  const ReplyQueue::Outcome reply = replies.Run(
      [&cancelled] { return RequestThreads::stopped() || *cancelled; }, timeout_ms + kGraceMs,
      [&](rd_kafka_t* rk, rd_kafka_queue_t* queue) {
        rd_kafka_AdminOptions_t* options = rd_kafka_AdminOptions_new(rk, request.op());
        char text[256];
        outcome.error.code = rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof(text));
        if (outcome.error.code == RD_KAFKA_RESP_ERR_NO_ERROR && broker_id != kAnyBroker) {
          outcome.error.code =
              rd_kafka_AdminOptions_set_broker(options, static_cast<int32_t>(broker_id), text, sizeof(text));
        }
        if (outcome.error.code == RD_KAFKA_RESP_ERR_NO_ERROR) {
          request.Configure(options, timeout_ms);
          request.Send(rk, options, queue, &outcome.error);
        } else {
          outcome.error.text = text;
        }
        rd_kafka_AdminOptions_destroy(options);
        return outcome.error.code == RD_KAFKA_RESP_ERR_NO_ERROR;
      },
      [&](rd_kafka_queue_t* queue, int slice_ms) {
        rd_kafka_event_t* event = rd_kafka_queue_poll(queue, slice_ms);
        if (event == nullptr) return false;
        outcome.error.code = rd_kafka_event_error(event);
        if (outcome.error.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
          outcome.error.text = rd_kafka_event_error_string(event);
        } else {
          outcome.answer = request.Read(event, &outcome.error);
        }
        rd_kafka_event_destroy(event);
        return true;
      });
  if (reply == ReplyQueue::Outcome::kClosed) outcome.closed = true;
  if (reply == ReplyQueue::Outcome::kTimedOut) outcome.error = {RD_KAFKA_RESP_ERR__TIMED_OUT, ""};
  return outcome;
}

}  // namespace

std::unique_ptr<AdminRequest> MakeAdminRequest(const std::string& name) {
  static const auto* makers = new std::unordered_map<std::string, std::unique_ptr<AdminRequest> (*)()>{
      {"describeCluster", MakeDescribeCluster},
      {"describeTopics", MakeDescribeTopics},
      {"describeConfigs", MakeDescribeConfigs},
      {"createTopics", MakeCreateTopics},
      {"createPartitions", MakeCreatePartitions},
      {"deleteTopics", MakeDeleteTopics},
      {"listOffsets", MakeListOffsets},
      {"listConsumerGroupOffsets", MakeListConsumerGroupOffsets},
      {"alterConsumerGroupOffsets", MakeAlterConsumerGroupOffsets},
      {"deleteGroup", MakeDeleteGroup}};
  const auto maker = makers->find(name);
  return maker == makers->end() ? nullptr : maker->second();
}

void Admin::Request(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::string name;
  v8::Local<v8::Object> args;
  int64_t timeout_ms;
  int64_t broker_id;
  v8::Local<v8::Function> callback;
  if (!ReadText(info[1], "request", 1, 64, &name)) return;
  std::unique_ptr<AdminRequest> request = MakeAdminRequest(name);
  if (!request) {
    RefuseArgument("request", "the name of an admin request");
    return;
  }
  if (!ReadObject(info[2], "args", &args) || !request->ReadArguments(args) || !ReadBrokerId(args, &broker_id) ||
      !ReadInteger(info[3], "timeoutMs", 1, kMaxTimeoutMs, &timeout_ms) ||
      !ReadFunction(info[4], "callback", &callback)) {
    return;
  }
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kAny);
  if (!handle) return;
  Cancellations::Flag cancelled = Cancellations::Begin(handle->name());
  RequestThreads::Post(
      Task([handle = std::move(handle), request = std::move(request), callback = std::make_unique<JsCallback>(callback),
            cancelled = std::move(cancelled), timeout_ms = static_cast<int>(timeout_ms), broker_id]() mutable {
        Outcome outcome;
        if (request->empty()) {
          outcome.answer = Answer(Answer::List());
        } else {
          outcome = Perform(*handle, *request, cancelled, timeout_ms, broker_id);
        }
        Completions::Post(Task([callback = std::move(callback), outcome = std::move(outcome)]() mutable {
          if (outcome.closed) {
            callback->Fail(MakeClosedError());
          } else if (outcome.error.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            callback->Fail(MakeRequestError(kAdminFailed, outcome.error));
          } else {
            callback->Succeed(outcome.answer.ToJs());
          }
        }));
      }));
}

void Admin::Cancel(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kAny);
  if (handle) Cancellations::Cancel(handle->name());
}

}  // namespace millrace
