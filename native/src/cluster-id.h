#pragma once

#include <nan.h>

namespace millrace {

/** `clusterId(handle)`; see Addon in src/client/addon-types.ts. */
void ClusterId(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace millrace
