#include "process-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdint>
#include <memory>
#include <utility>

#include "arguments.h"
#include "completions.h"
#include "error.h"
#include "js-object.h"
#include "request-threads.h"

namespace millrace {

namespace {

struct Use {
  /** Handed out to the program. */
  uint64_t allocated = 0;
  /** Had from the system, freed pieces included. */
  uint64_t held = 0;
};

Use ReadUse() {
  Use use;
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  // All arenas, and what was mapped for single large pieces.
  const struct mallinfo2 info = mallinfo2();
  use.allocated = info.uordblks + info.hblkhd;
  use.held = info.arena + info.hblkhd;
#endif
  return use;
}

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

void MallocUse(const v8::FunctionCallbackInfo<v8::Value>& info) {
  const Use use = ReadUse();
  v8::Local<v8::Object> object = Nan::New<v8::Object>();
  Nan::Set(object, JsString("allocatedBytes"), Nan::New<v8::Number>(static_cast<double>(use.allocated)));
  Nan::Set(object, JsString("heldBytes"), Nan::New<v8::Number>(static_cast<double>(use.held)));
  info.GetReturnValue().Set(object);
}

void TrimMalloc(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Local<v8::Function> callback;
  if (!ReadFunction(info[0], "callback", &callback)) return;
  // Some 10 ms for 100 MB: not on the thread of JavaScript.
  RequestThreads::Post(Task([callback = std::make_unique<JsCallback>(callback)]() mutable {
    const bool gave_back = Trim();
    Completions::Post(
        Task([callback = std::move(callback), gave_back]() mutable { callback->Succeed(Nan::New(gave_back)); }));
  }));
}

}  // namespace millrace
