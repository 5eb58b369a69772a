#pragma once

#include <nan.h>

#include <memory>

#include "js-object.h"

namespace millrace {

class ProducerCore;

/** `AddonProducer`. Collected without close(), it purges what is under way and ends its thread by itself. */
class BatchProducer : public JsObject {
 public:
  static void Init();
  static void Attach(const v8::FunctionCallbackInfo<v8::Value>& info);

  ~BatchProducer() override;

 private:
  explicit BatchProducer(std::shared_ptr<ProducerCore> core);

  static void Send(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void SendRecord(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Unblock(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Outstanding(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void OnEvent(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Close(const v8::FunctionCallbackInfo<v8::Value>& info);

  const std::shared_ptr<ProducerCore> core_;
};

}  // namespace millrace
