#pragma once

#include <nan.h>

namespace millrace {

/* malloc of this process; see Addon in src/client/addon-types.ts. Without glibc nothing changes. */

/** `tuneMalloc(mmapThresholdBytes, trimThresholdBytes)` */
void TuneMalloc(const v8::FunctionCallbackInfo<v8::Value>& info);
/** `trimMalloc(callback)` */
void TrimMalloc(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace millrace
