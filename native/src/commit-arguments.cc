#include "arguments.h"
#include "commit.h"

namespace millrace {

namespace {

constexpr size_t kMaxMetadataLength = 1 << 20;

bool ReadCommitOffset(v8::Local<v8::Value> value, const std::string& name, CommitOffset* out) {
  v8::Local<v8::Object> object;
  TopicPartition place;
  v8::Local<v8::Value> offset;
  v8::Local<v8::Value> epoch;
  v8::Local<v8::Value> metadata;
  if (!ReadTopicPartition(value, name, &object, &place) || !GetProperty(object, "offset", &offset) ||
      !ReadInteger(offset, name + ".offset", 0, kMaxSafeInteger, &out->offset) ||
      !GetProperty(object, "leaderEpoch", &epoch) || !GetProperty(object, "metadata", &metadata)) {
    return false;
  }
  out->topic = place.topic;
  out->partition = place.partition;
  int64_t leader_epoch = -1;
  if (!epoch->IsUndefined() && !ReadInteger(epoch, name + ".leaderEpoch", -1, INT32_MAX, &leader_epoch)) return false;
  out->leader_epoch = static_cast<int32_t>(leader_epoch);
  return metadata->IsUndefined() || ReadText(metadata, name + ".metadata", 0, kMaxMetadataLength, &out->metadata);
}

}  // namespace

bool ReadCommitOffsets(v8::Local<v8::Value> value, const std::string& name, std::vector<CommitOffset>* out) {
  v8::Local<v8::Array> array;
  if (!ReadArray(value, name, &array)) return false;
  for (uint32_t i = 0; i < array->Length(); i++) {
    v8::Local<v8::Value> element;
    CommitOffset offset;
    if (!GetElement(array, i, &element) || !ReadCommitOffset(element, name + "[" + std::to_string(i) + "]", &offset)) {
      return false;
    }
    out->push_back(std::move(offset));
  }
  return true;
}

}  // namespace millrace
