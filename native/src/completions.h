#pragma once

#include <nan.h>

#include <functional>
#include <memory>

#include "task.h"

namespace millrace {

/** The way from native threads to JavaScript: tasks run on the main thread, in the order they were posted. */
class Completions {
 public:
  /** Once, on the main thread, when the addon is loaded. */
  static void Init();

  /** From any thread. After the process has begun to end the task is forgotten, never run. */
  static void Post(Task task);

  /** Main thread: the event loop stays alive while something that was expected has not happened. */
  static void Expect();
  static void Happened();

  /** Main thread: `stop` is called when the process ends, while JavaScript objects still exist. It must join threads.
   */
  static void* OnExit(std::function<void()> stop);
  static void ForgetExit(void* token);
};

/**
 * A JavaScript function to be called once with (error, value), on the main thread. Keeps the event loop alive until
 * then.
 */
class JsCallback {
 public:
  explicit JsCallback(v8::Local<v8::Function> function);
  ~JsCallback();
  JsCallback(const JsCallback&) = delete;
  JsCallback& operator=(const JsCallback&) = delete;

  void Succeed(v8::Local<v8::Value> value);
  void Fail(v8::Local<v8::Value> error);

 private:
  void Call(int argc, v8::Local<v8::Value> argv[]);

  Nan::Callback callback_;
  Nan::AsyncResource resource_;
};

}  // namespace millrace
