#pragma once

#include <nan.h>

namespace millrace {

/** `destroyClient(handle, callback)`; see Addon in src/client/addon-types.ts. */
void DestroyClient(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace millrace
