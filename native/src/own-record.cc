#include "own-record.h"

#include <node_buffer.h>

#include "arguments.h"

namespace millrace {

namespace {

constexpr uint32_t kMaxHeaders = 100000;

/** `property` of the object: a Buffer, or null. */
bool ReadBytes(v8::Local<v8::Object> object, const char* property, OptionalBytes* out) {
  v8::Local<v8::Value> value;
  if (!GetProperty(object, property, &value)) return false;
  if (value->IsNull()) return true;
  if (!node::Buffer::HasInstance(value)) return RefuseArgument(property, "a Buffer or null");
  out->Set(node::Buffer::Data(value), node::Buffer::Length(value));
  return true;
}

bool ReadNumber(v8::Local<v8::Object> object, const char* property, int64_t min, int64_t* out) {
  v8::Local<v8::Value> value;
  return GetProperty(object, property, &value) && ReadInteger(value, property, min, kMaxSafeInteger, out);
}

}  // namespace

std::unique_ptr<OwnRecord> OwnRecord::Read(v8::Local<v8::Value> value) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> headers;
  std::unique_ptr<OwnRecord> record(new OwnRecord());
  if (!ReadObject(value, "record", &object) || !ReadNumber(object, "offset", 0, &record->offset_) ||
      !ReadNumber(object, "timestamp", -1, &record->timestamp_) || !ReadBytes(object, "key", &record->key_) ||
      !ReadBytes(object, "value", &record->value_) || !GetProperty(object, "headers", &headers) ||
      !record->ReadHeaders(headers)) {
    return nullptr;
  }
  return record;
}

OwnRecord::~OwnRecord() {
  if (headers_ != nullptr) rd_kafka_headers_destroy(headers_);
}

rd_kafka_headers_t* OwnRecord::DetachHeaders() {
  rd_kafka_headers_t* headers = headers_;
  headers_ = nullptr;
  return headers;
}

bool OwnRecord::ReadHeaders(v8::Local<v8::Value> value) {
  v8::Local<v8::Array> array;
  if (!ReadArray(value, "headers", &array)) return false;
  const uint32_t count = array->Length();
  if (count > kMaxHeaders) {
    return RefuseArgument("headers", "an array of at most " + std::to_string(kMaxHeaders) + " headers");
  }
  if (count == 0) return true;
  headers_ = rd_kafka_headers_new(count);
  for (uint32_t i = 0; i < count; i++) {
    Nan::HandleScope scope;
    v8::Local<v8::Value> element;
    v8::Local<v8::Object> header;
    OptionalBytes name;
    OptionalBytes bytes;
    if (!GetElement(array, i, &element) || !ReadObject(element, "header", &header) ||
        !ReadBytes(header, "name", &name) || !ReadBytes(header, "value", &bytes)) {
      return false;
    }
    if (name.data() == nullptr) return RefuseArgument("name", "a Buffer");
    rd_kafka_header_add(headers_, static_cast<const char*>(name.data()), static_cast<ssize_t>(name.size()),
                        bytes.data(), static_cast<ssize_t>(bytes.size()));
  }
  return true;
}

}  // namespace millrace
