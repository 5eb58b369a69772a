#pragma once

#include <nan.h>

#include <memory>

#include "batch.h"
#include "js-object.h"

namespace millrace {

/**
 * A batch as JavaScript sees it (`AddonBatch`).
 *
 * Invariant: `batch_` is null once the records were released, sent or all taken. A batch collected with records in it
 * frees them and counts as leaked.
 */
class BatchObject : public JsObject {
 public:
  static void Init();
  static bool IsInstance(v8::Local<v8::Value> value);

  /** Empty only when the engine is terminating. */
  static v8::MaybeLocal<v8::Object> Wrap(std::unique_ptr<Batch> batch);

  ~BatchObject() override;

  /** Null if there is nothing left. */
  std::unique_ptr<Batch> TakeBatch();
  bool empty() const { return batch_ == nullptr; }

 private:
  explicit BatchObject(std::unique_ptr<Batch> batch);

  /** Null after an Error was thrown. */
  static Batch* Receive(const v8::FunctionCallbackInfo<v8::Value>& info);

  template <typename Read>
  static void ReadNumber(const v8::FunctionCallbackInfo<v8::Value>& info, Read read);

  static void Topic(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Partition(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void FirstOffset(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void LastOffset(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Count(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Bytes(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void FirstTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void MaxTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void MinTimestamp(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Largest(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void HasKeyless(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void LeaderEpoch(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Take(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void OffsetAtOrAfter(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Outside(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void FindHeaders(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Records(const v8::FunctionCallbackInfo<v8::Value>& info);
  static void Release(const v8::FunctionCallbackInfo<v8::Value>& info);

  /** Tells the garbage collector what the batch really weighs. */
  void Charge();
  void Uncharge();

  std::unique_ptr<Batch> batch_;
  /** As long as there are records: theirs. Afterwards: what was released or sent. */
  size_t count_ = 0;
  int64_t charged_ = 0;
};

}  // namespace millrace
