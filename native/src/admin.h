#pragma once

#include <nan.h>

namespace millrace {

class Admin {
 public:
  /** `admin(handle, request, args, timeoutMs, callback)`. */
  static void Request(const v8::FunctionCallbackInfo<v8::Value>& info);

  /** `cancelRequests(handle)`: those that have begun fail as if the client was closed. */
  static void Cancel(const v8::FunctionCallbackInfo<v8::Value>& info);
};

}  // namespace millrace
