#include <cstring>

#include "error.h"
#include "send.h"

namespace millrace {

namespace {

const char* KindName(FailureKind kind) {
  switch (kind) {
    case FailureKind::kRefused:
      return "refused";
    case FailureKind::kPurged:
      return "purged";
    default:
      return "blocked";
  }
}

void SetNumber(v8::Local<v8::Object> object, const char* key, int64_t value) {
  Nan::Set(object, JsString(key), Nan::New<v8::Number>(static_cast<double>(value)));
}

/** [offset, count] one after the other. */
v8::Local<v8::Value> MakeRanges(const std::vector<OffsetRange>& ranges) {
  const size_t length = ranges.size() * 2;
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), length * sizeof(double));
  auto* numbers = static_cast<double*>(buffer->GetBackingStore()->Data());
  for (const OffsetRange& range : ranges) {
    *numbers++ = static_cast<double>(range.offset);
    *numbers++ = static_cast<double>(range.count);
  }
  return v8::Float64Array::New(buffer, 0, length);
}

v8::Local<v8::Value> MakeRuns(const std::vector<OffsetRun>& runs) {
  const size_t length = runs.size() * 3;
  v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), length * sizeof(double));
  auto* numbers = static_cast<double*>(buffer->GetBackingStore()->Data());
  for (const OffsetRun& run : runs) {
    *numbers++ = static_cast<double>(run.source);
    *numbers++ = static_cast<double>(run.target);
    *numbers++ = static_cast<double>(run.count);
  }
  return v8::Float64Array::New(buffer, 0, length);
}

}  // namespace

v8::Local<v8::Value> MakeSendResult(const SendResult& result) {
  v8::Local<v8::Object> object = Nan::New<v8::Object>();
  SetNumber(object, "delivered", result.delivered);
  SetNumber(object, "altered", result.altered);
  Nan::Set(object, JsString("runs"), MakeRuns(result.runs));
  if (result.altered > 0) Nan::Set(object, JsString("alteredRanges"), MakeRanges(result.altered_ranges));
  if (result.failed > 0) {
    v8::Local<v8::Object> failure = Nan::New<v8::Object>();
    SetNumber(failure, "code", result.failed_code);
    Nan::Set(failure, JsString("name"), JsString(ErrorName(result.failed_code)));
    SetNumber(failure, "offset", result.failed_offset);
    SetNumber(failure, "count", result.failed);
    Nan::Set(failure, JsString("kind"), JsString(KindName(result.failed_kind)));
    if (!result.faulted.empty()) {
      v8::Local<v8::Object> fault = Nan::New<v8::Object>();
      SetNumber(fault, "code", result.fault);
      Nan::Set(fault, JsString("name"), JsString(ErrorName(result.fault)));
      Nan::Set(fault, JsString("ranges"), MakeRanges(result.faulted));
      Nan::Set(failure, JsString("fault"), fault);
    }
    Nan::Set(object, JsString("failure"), failure);
  }
  return object;
}

}  // namespace millrace
