#include "process-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdint>
#include <memory>
#include <utility>

#include "arguments.h"
#include "completions.h"
#include "request-threads.h"

namespace millrace {

namespace {

bool Trim() {
#ifdef __GLIBC__
  return malloc_trim(0) == 1;
#else
  return false;
#endif
}

}  // namespace

void TuneMalloc(const v8::FunctionCallbackInfo<v8::Value>& info) {
  int64_t mmap_threshold;
  int64_t trim_threshold;
  if (!ReadInteger(info[0], "mmapThresholdBytes", 0, INT32_MAX, &mmap_threshold) ||
      !ReadInteger(info[1], "trimThresholdBytes", 0, INT32_MAX, &trim_threshold)) {
    return;
  }
  bool tuned = false;
#ifdef __GLIBC__
  tuned = mallopt(M_MMAP_THRESHOLD, static_cast<int>(mmap_threshold)) == 1;
  tuned = mallopt(M_TRIM_THRESHOLD, static_cast<int>(trim_threshold)) == 1 && tuned;
#endif
  info.GetReturnValue().Set(tuned);
}

void TrimMalloc(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Local<v8::Function> callback;
  if (!ReadFunction(info[0], "callback", &callback)) return;
  // Some 40 ms for 200 MB: not on the thread of JavaScript.
  RequestThreads::Post(Task([callback = std::make_unique<JsCallback>(callback)]() mutable {
    const bool gave_back = Trim();
    Completions::Post(
        Task([callback = std::move(callback), gave_back]() mutable { callback->Succeed(Nan::New(gave_back)); }));
  }));
}

}  // namespace millrace
