#pragma once

#include <nan.h>
#include <rdkafka.h>

#include <cstdint>
#include <string>

namespace millrace {

/*
 * Reading what JavaScript passed. Each function returns false after a TypeError was thrown (or a getter's own
 * exception), and the caller returns at once.
 */

inline constexpr int64_t kMaxSafeInteger = 9007199254740991;

/** Kafka's own limit. */
inline constexpr size_t kMaxTopicLength = 249;

bool RefuseArgument(const std::string& name, const std::string& expected);

bool ReadInteger(v8::Local<v8::Value> value, const std::string& name, int64_t min, int64_t max, int64_t* out);

/** Text without NUL of `min_length` to `max_length` UTF-8 bytes. */
bool ReadText(v8::Local<v8::Value> value, const std::string& name, size_t min_length, size_t max_length,
              std::string* out);

bool ReadTopic(v8::Local<v8::Value> value, const std::string& name, std::string* out);
/** `groupId` of the arguments of an admin request. */
bool ReadGroupId(v8::Local<v8::Object> args, std::string* out);
bool ReadPartition(v8::Local<v8::Value> value, const std::string& name, int32_t* out);
bool ReadFunction(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Function>* out);
bool ReadObject(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Object>* out);
bool ReadArray(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Array>* out);

bool GetProperty(v8::Local<v8::Object> object, const char* key, v8::Local<v8::Value>* out);
bool GetElement(v8::Local<v8::Array> array, uint32_t index, v8::Local<v8::Value>* out);

/** `{ topic, partition }`, an element of an array. */
struct TopicPartition {
  std::string topic;
  int32_t partition = 0;
};
bool ReadTopicPartition(v8::Local<v8::Value> value, const std::string& name, v8::Local<v8::Object>* object,
                        TopicPartition* out);

}  // namespace millrace
