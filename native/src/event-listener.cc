#include "event-listener.h"

#include "arguments.h"
#include "completions.h"
#include "error.h"

namespace millrace {

bool EventListener::Set(v8::Local<v8::Value> value) {
  if (value->IsUndefined()) {
    callback_.reset();
    return true;
  }
  v8::Local<v8::Function> function;
  if (!ReadFunction(value, "listener", &function)) return false;
  callback_ = std::make_shared<Nan::Callback>(function);
  return true;
}

void EventListener::Say(ClientEvent event) {
  Completions::Post(Task([self = shared_from_this(), event = std::move(event)] {
    std::shared_ptr<Nan::Callback> callback = self->callback_;
    if (!callback) return;
    v8::Local<v8::Object> object = Nan::New<v8::Object>();
    Nan::Set(object, JsString("type"), JsString("error"));
    Nan::Set(object, JsString("code"), Nan::New<v8::Int32>(static_cast<int>(event.code)));
    Nan::Set(object, JsString("name"), JsString(ErrorName(event.code)));
    Nan::Set(object, JsString("text"), JsString(event.text));
    Nan::Set(object, JsString("fatal"), Nan::New(event.fatal));
    v8::Local<v8::Value> argv[] = {object};
    Nan::AsyncResource resource("millrace.event");
    callback->Call(1, argv, &resource);
  }));
}

}  // namespace millrace
