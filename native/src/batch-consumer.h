#pragma once

#include <nan.h>

#include <memory>

#include "js-object.h"

namespace millrace {

class ConsumerCore;

/** `AddonConsumer`. Collected without close(), it ends its thread by itself. */
class BatchConsumer : public JsObject {
 public:
  static void Init();
  static void Attach(const v8::FunctionCallbackInfo<v8::Value>& info);

  ~BatchConsumer() override;

 private:
  explicit BatchConsumer(std::shared_ptr<ConsumerCore> core);

  static void Poll(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Digest(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Commit(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Held(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void OnEvent(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void AssignmentLost(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Close(const v8::FunctionCallbackInfo<v8::Value>& info);

  const std::shared_ptr<ConsumerCore> core_;
};

}  // namespace millrace
