#include "answer.h"

#include "error.h"

namespace millrace {

namespace {

struct Visitor {
  v8::Local<v8::Value> operator()(std::nullptr_t) const { return Nan::Null(); }
  v8::Local<v8::Value> operator()(bool value) const { return Nan::New(value); }
  v8::Local<v8::Value> operator()(double value) const { return Nan::New<v8::Number>(value); }
  v8::Local<v8::Value> operator()(const std::string& value) const { return JsString(value); }
  v8::Local<v8::Value> operator()(const Answer::List& values) const {
    v8::Local<v8::Array> array = Nan::New<v8::Array>();
    for (const Answer& value : values) Nan::Set(array, array->Length(), value.ToJs());
    return array;
  }
  v8::Local<v8::Value> operator()(const Answer::Fields& fields) const {
    v8::Local<v8::Object> object = Nan::New<v8::Object>();
    for (const auto& [name, value] : fields) Nan::Set(object, JsString(name), value.ToJs());
    return object;
  }
};

}  // namespace

v8::Local<v8::Value> Answer::ToJs() const { return std::visit(Visitor(), value_); }

}  // namespace millrace
