#include "destroy-client.h"

#include <memory>
#include <thread>

#include "arguments.h"
#include "completions.h"
#include "handle.h"
#include "rdkafkacpp_int.h"

namespace millrace {

void DestroyClient(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Local<v8::Function> callback;
  if (!ReadFunction(info[1], "callback", &callback)) return;
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kAny);
  if (!handle) return;
  RdKafka::Handle* client = handle->Take();
  info.GetReturnValue().Set(client != nullptr);
  if (client == nullptr) return;
  // Nobody waits for this thread, because it may never end. While it runs it keeps what the client calls: the handle.
  std::thread([client, handle = std::move(handle), callback = std::make_unique<JsCallback>(callback)]() mutable {
    auto* consumer = dynamic_cast<RdKafka::KafkaConsumer*>(client);
    if (consumer != nullptr) consumer->close();
    delete client;
    Completions::Post(Task([callback = std::move(callback)] { callback->Succeed(Nan::Undefined()); }));
  }).detach();
}

}  // namespace millrace
