#include "error.h"

namespace millrace {

v8::Local<v8::String> JsString(const std::string& text) {
  v8::Local<v8::String> result;
  if (Nan::New(text).ToLocal(&result)) return result;
  return Nan::EmptyString();
}

std::string ErrorName(rd_kafka_resp_err_t code) {
  const char* name = rd_kafka_err2name(code);
  return name == nullptr ? std::to_string(code) : name;
}

v8::Local<v8::Value> MakeError(const char* code, const std::string& message) {
  v8::Local<v8::Value> error = v8::Exception::Error(JsString(message));
  Nan::Set(error.As<v8::Object>(), JsString("code"), JsString(code));
  return error;
}

v8::Local<v8::Value> MakeRequestError(const char* code, const RequestError& request_error) {
  v8::Local<v8::Value> error =
      MakeError(code, request_error.text.empty() ? rd_kafka_err2str(request_error.code) : request_error.text);
  v8::Local<v8::Object> object = error.As<v8::Object>();
  Nan::Set(object, JsString("rdkafkaCode"), Nan::New<v8::Int32>(static_cast<int>(request_error.code)));
  Nan::Set(object, JsString("rdkafkaName"), JsString(ErrorName(request_error.code)));
  return error;
}

v8::Local<v8::Value> MakeClosedError() {
  return MakeError(kClientClosed, "The client is closed, closing or was never connected.");
}

void ThrowClosed() { Nan::ThrowError(MakeClosedError()); }

}  // namespace millrace
