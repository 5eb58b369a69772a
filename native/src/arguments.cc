#include "arguments.h"

#include <cmath>

#include "error.h"

namespace millrace {

namespace {

/** Kafka allows any length that fits a request; nobody names a group with more than this. */
constexpr size_t kMaxGroupLength = 32000;

}  // namespace

bool RefuseArgument(const std::string& name, const std::string& expected) {
  Nan::ThrowTypeError(JsString(name + " must be " + expected));
  return false;
}

bool ReadInteger(v8::Local<v8::Value> value, const std::string& name, int64_t min, int64_t max, int64_t* out) {
  if (value->IsNumber()) {
    const double number = value.As<v8::Number>()->Value();
    if (std::isfinite(number) && std::trunc(number) == number && number >= static_cast<double>(min) &&
        number <= static_cast<double>(max)) {
      *out = static_cast<int64_t>(number);
      return true;
    }
  }
  return RefuseArgument(name, "an integer from " + std::to_string(min) + " to " + std::to_string(max));
}

bool ReadText(v8::Local<v8::Value> value, const std::string& name, size_t min_length, size_t max_length,
              std::string* out) {
  if (value->IsString()) {
    Nan::Utf8String text(value);
    if (*text != nullptr) {
      out->assign(*text, static_cast<size_t>(text.length()));
      if (out->size() >= min_length && out->size() <= max_length && out->find('\0') == std::string::npos) return true;
    }
  }
  return RefuseArgument(
      name, "a string of " + std::to_string(min_length) + " to " + std::to_string(max_length) + " bytes without NUL");
}

bool ReadTopic(v8::Local<v8::Value> value, const std::string& name, std::string* out) {
  return ReadText(value, name, 1, kMaxTopicLength, out);
}

bool ReadGroupId(v8::Local<v8::Object> args, std::string* out) {
  v8::Local<v8::Value> value;
  return GetProperty(args, "groupId", &value) && ReadText(value, "groupId", 1, kMaxGroupLength, out);
}

bool ReadPartition(v8::Local<v8::Value> value, const std::string& name, int32_t* out) {
  int64_t partition;
  if (!ReadInteger(value, name, 0, INT32_MAX, &partition)) return false;
  *out = static_cast<int32_t>(partition);
  return true;
}

bool ReadFunction(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Function>* out) {
  if (!value->IsFunction()) return RefuseArgument(name, "a function");
  *out = value.As<v8::Function>();
  return true;
}

bool ReadObject(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Object>* out) {
  if (!value->IsObject()) return RefuseArgument(name, "an object");
  *out = value.As<v8::Object>();
  return true;
}

bool ReadArray(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Array>* out) {
  if (!value->IsArray()) return RefuseArgument(name, "an array");
  *out = value.As<v8::Array>();
  return true;
}

bool GetProperty(v8::Local<v8::Object> object, const char* key, v8::Local<v8::Value>* out) {
  return Nan::Get(object, JsString(key)).ToLocal(out);
}

bool GetElement(v8::Local<v8::Array> array, uint32_t index, v8::Local<v8::Value>* out) {
  return Nan::Get(array, index).ToLocal(out);
}

bool ReadTopicPartition(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Object>* object,
                        TopicPartition* out) {
  v8::Local<v8::Value> topic;
  v8::Local<v8::Value> partition;
  return ReadObject(value, name, object) && GetProperty(*object, "topic", &topic) &&
         ReadTopic(topic, name + ".topic", &out->topic) && GetProperty(*object, "partition", &partition) &&
         ReadPartition(partition, name + ".partition", &out->partition);
}

}  // namespace millrace
