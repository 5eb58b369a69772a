#include <vector>

#include "admin-request.h"
#include "arguments.h"
#include "commit.h"

namespace millrace {

namespace {

/** The one group of an answer. Null after `error` was set. */
const rd_kafka_topic_partition_list_t* ReadGroup(const rd_kafka_group_result_t** groups, size_t count,
                                                 RequestError* error) {
  if (count != 1) {
    *error = {RD_KAFKA_RESP_ERR__BAD_MSG, "The answer has no group"};
    return nullptr;
  }
  const rd_kafka_error_t* group_error = rd_kafka_group_result_error(groups[0]);
  if (group_error != nullptr && rd_kafka_error_code(group_error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    *error = {rd_kafka_error_code(group_error), rd_kafka_error_string(group_error)};
    return nullptr;
  }
  return rd_kafka_group_result_partitions(groups[0]);
}

Answer::Fields ReadOffset(const rd_kafka_topic_partition_t& element) {
  return {{"topic", element.topic},
          {"partition", element.partition},
          {"offset", element.offset},
          {"code", static_cast<int>(element.err)},
          {"name", ErrorName(element.err)}};
}

class ListOffsets : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> value;
    v8::Local<v8::Array> partitions;
    std::string isolation;
    if (!GetProperty(args, "partitions", &value) || !ReadArray(value, "partitions", &partitions)) return false;
    for (uint32_t i = 0; i < partitions->Length(); i++) {
      if (!ReadQuestion(partitions, i)) return false;
    }
    if (!GetProperty(args, "isolation", &value) || !ReadText(value, "isolation", 1, 32, &isolation)) return false;
    if (isolation != "read_committed" && isolation != "read_uncommitted") {
      return RefuseArgument("isolation", "'read_committed' or 'read_uncommitted'");
    }
    read_committed_ = isolation == "read_committed";
    return true;
  }
  bool empty() const override { return questions_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_LISTOFFSETS; }

  void Configure(rd_kafka_AdminOptions_t* options, int) const override {
    rd_kafka_error_t* error = rd_kafka_AdminOptions_set_isolation_level(
        options, read_committed_ ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
    if (error != nullptr) rd_kafka_error_destroy(error);
  }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    rd_kafka_topic_partition_list_t* list = MakeOffsetList(questions_);
    rd_kafka_ListOffsets(rk, list, options, queue);
    rd_kafka_topic_partition_list_destroy(list);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_ListOffsetsResultInfo_t** infos = rd_kafka_ListOffsets_result_infos(
        rd_kafka_event_ListOffsets_result(const_cast<rd_kafka_event_t*>(event)), &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) {
      const rd_kafka_topic_partition_t* element = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
      Answer::Fields fields = ReadOffset(*element);
      fields.emplace_back("timestamp", rd_kafka_ListOffsetsResultInfo_timestamp(infos[i]));
      fields.emplace_back("leaderEpoch", rd_kafka_topic_partition_get_leader_epoch(element));
      list.push_back(std::move(fields));
    }
    return list;
  }

 private:
  bool ReadQuestion(v8::Local<v8::Array> partitions, uint32_t index) {
    const std::string name = "partitions[" + std::to_string(index) + "]";
    v8::Local<v8::Value> value;
    v8::Local<v8::Object> object;
    TopicPartition place;
    CommitOffset question;
    // -3 maximum timestamp, -2 earliest, -1 latest, else a time: OffsetSpec has the same numbers.
    if (!GetElement(partitions, index, &value) || !ReadTopicPartition(value, name, &object, &place) ||
        !GetProperty(object, "offset", &value) ||
        !ReadInteger(value, name + ".offset", -3, kMaxSafeInteger, &question.offset)) {
      return false;
    }
    question.topic = place.topic;
    question.partition = place.partition;
    questions_.push_back(std::move(question));
    return true;
  }

  std::vector<CommitOffset> questions_;
  bool read_committed_ = true;
};

class ListConsumerGroupOffsets : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> value;
    v8::Local<v8::Array> partitions;
    if (!ReadGroupId(args, &group_id_) || !GetProperty(args, "partitions", &value)) return false;
    if (value->IsUndefined()) return true;
    if (!ReadArray(value, "partitions", &partitions)) return false;
    all_ = false;
    for (uint32_t i = 0; i < partitions->Length(); i++) {
      v8::Local<v8::Object> object;
      TopicPartition place;
      if (!GetElement(partitions, i, &value) ||
          !ReadTopicPartition(value, "partitions[" + std::to_string(i) + "]", &object, &place)) {
        return false;
      }
      CommitOffset question;
      question.topic = place.topic;
      question.partition = place.partition;
      question.offset = RD_KAFKA_OFFSET_INVALID;
      partitions_.push_back(std::move(question));
    }
    return true;
  }
  bool empty() const override { return !all_ && partitions_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    rd_kafka_topic_partition_list_t* list = all_ ? nullptr : MakeOffsetList(partitions_);
    rd_kafka_ListConsumerGroupOffsets_t* request = rd_kafka_ListConsumerGroupOffsets_new(group_id_.c_str(), list);
    rd_kafka_ListConsumerGroupOffsets(rk, &request, 1, options, queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
    if (list != nullptr) rd_kafka_topic_partition_list_destroy(list);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError* error) const override {
    size_t count;
    const rd_kafka_group_result_t** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(const_cast<rd_kafka_event_t*>(event)), &count);
    const rd_kafka_topic_partition_list_t* offsets = ReadGroup(groups, count, error);
    Answer::List list;
    for (int i = 0; offsets != nullptr && i < offsets->cnt; i++) {
      const rd_kafka_topic_partition_t& element = offsets->elems[i];
      Answer::Fields fields = ReadOffset(element);
      fields.emplace_back("leaderEpoch", rd_kafka_topic_partition_get_leader_epoch(&element));
      fields.emplace_back("metadata", std::string(static_cast<const char*>(element.metadata), element.metadata_size));
      list.push_back(std::move(fields));
    }
    return list;
  }

 private:
  std::string group_id_;
  bool all_ = true;
  std::vector<CommitOffset> partitions_;
};

class AlterConsumerGroupOffsets : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> offsets;
    return ReadGroupId(args, &group_id_) && GetProperty(args, "offsets", &offsets) &&
           ReadCommitOffsets(offsets, "offsets", &offsets_);
  }
  bool empty() const override { return offsets_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    rd_kafka_topic_partition_list_t* list = MakeOffsetList(offsets_);
    rd_kafka_AlterConsumerGroupOffsets_t* request = rd_kafka_AlterConsumerGroupOffsets_new(group_id_.c_str(), list);
    rd_kafka_AlterConsumerGroupOffsets(rk, &request, 1, options, queue);
    rd_kafka_AlterConsumerGroupOffsets_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError* error) const override {
    size_t count;
    const rd_kafka_group_result_t** groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(const_cast<rd_kafka_event_t*>(event)), &count);
    const rd_kafka_topic_partition_list_t* offsets = ReadGroup(groups, count, error);
    Answer::List list;
    for (int i = 0; offsets != nullptr && i < offsets->cnt; i++) list.push_back(ReadOffset(offsets->elems[i]));
    return list;
  }

 private:
  std::string group_id_;
  std::vector<CommitOffset> offsets_;
};

}  // namespace

std::unique_ptr<AdminRequest> MakeListOffsets() { return std::make_unique<ListOffsets>(); }
std::unique_ptr<AdminRequest> MakeListConsumerGroupOffsets() { return std::make_unique<ListConsumerGroupOffsets>(); }
std::unique_ptr<AdminRequest> MakeAlterConsumerGroupOffsets() { return std::make_unique<AlterConsumerGroupOffsets>(); }

}  // namespace millrace
