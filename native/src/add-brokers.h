#pragma once

#include <nan.h>

namespace millrace {

/** `addBrokers(handle, brokers)`; see Addon in src/client/addon-types.ts. */
void AddBrokers(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace millrace
