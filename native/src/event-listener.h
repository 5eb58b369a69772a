#pragma once

#include <nan.h>

#include <memory>

#include "handle-tap.h"

namespace millrace {

/** The function given to onEvent(). Main thread, except for Say(). */
class EventListener : public std::enable_shared_from_this<EventListener> {
 public:
  /** `value` is a function, or undefined to stop listening. False after a TypeError was thrown. */
  bool Set(v8::Local<v8::Value> value);
  void Clear() { callback_.reset(); }

  /** From any thread. */
  void Say(ClientEvent event);

 private:
  std::shared_ptr<Nan::Callback> callback_;
};

}  // namespace millrace
