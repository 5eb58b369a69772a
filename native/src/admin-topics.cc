#include <utility>
#include <vector>

#include "admin-request.h"
#include "arguments.h"

namespace millrace {

namespace {

/** `topics` of the arguments: a list of names. */
bool ReadTopics(v8::Local<v8::Object> args, std::vector<std::string>* out) {
  v8::Local<v8::Value> value;
  v8::Local<v8::Array> topics;
  if (!GetProperty(args, "topics", &value) || !ReadArray(value, "topics", &topics)) return false;
  for (uint32_t i = 0; i < topics->Length(); i++) {
    std::string topic;
    if (!GetElement(topics, i, &value) || !ReadTopic(value, "topics[" + std::to_string(i) + "]", &topic)) return false;
    out->push_back(std::move(topic));
  }
  return true;
}

/** `{ topic, code, name, text }` for each topic of an answer. */
Answer ReadTopicResults(const rd_kafka_topic_result_t** results, size_t count) {
  Answer::List list;
  for (size_t i = 0; i < count; i++) {
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
    const char* text = rd_kafka_topic_result_error_string(results[i]);
    list.push_back(Answer::Fields{{"topic", rd_kafka_topic_result_name(results[i])},
                                  {"code", static_cast<int>(code)},
                                  {"name", ErrorName(code)},
                                  {"text", text == nullptr ? "" : text}});
  }
  return list;
}

class DescribeTopics : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override { return ReadTopics(args, &topics_); }
  bool empty() const override { return topics_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_DESCRIBETOPICS; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    std::vector<const char*> names;
    for (const std::string& topic : topics_) names.push_back(topic.c_str());
    rd_kafka_TopicCollection_t* collection = rd_kafka_TopicCollection_of_topic_names(names.data(), names.size());
    rd_kafka_DescribeTopics(rk, collection, options, queue);
    rd_kafka_TopicCollection_destroy(collection);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_TopicDescription_t** topics = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(const_cast<rd_kafka_event_t*>(event)), &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) list.push_back(ReadDescription(topics[i]));
    return list;
  }

 private:
  static Answer ReadDescription(const rd_kafka_TopicDescription_t* topic) {
    const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(topic);
    const rd_kafka_resp_err_t code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
    size_t count = 0;
    const rd_kafka_TopicPartitionInfo_t** partitions = rd_kafka_TopicDescription_partitions(topic, &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) list.push_back(ReadPartitionInfo(partitions[i]));
    return Answer::Fields{{"topic", rd_kafka_TopicDescription_name(topic)},
                          {"code", static_cast<int>(code)},
                          {"name", ErrorName(code)},
                          {"text", code == RD_KAFKA_RESP_ERR_NO_ERROR ? "" : rd_kafka_error_string(error)},
                          {"topicId", ReadId(rd_kafka_TopicDescription_topic_id(topic))},
                          {"internal", rd_kafka_TopicDescription_is_internal(topic) != 0},
                          {"partitions", std::move(list)}};
  }

  /** Zero, as brokers before 2.8 have it, is no id. */
  static std::string ReadId(const rd_kafka_Uuid_t* id) {
    if (id == nullptr ||
        (rd_kafka_Uuid_most_significant_bits(id) == 0 && rd_kafka_Uuid_least_significant_bits(id) == 0))
      return "";
    const char* text = rd_kafka_Uuid_base64str(id);
    return text == nullptr ? "" : text;
  }

  static Answer ReadPartitionInfo(const rd_kafka_TopicPartitionInfo_t* partition) {
    const rd_kafka_Node_t* leader = rd_kafka_TopicPartitionInfo_leader(partition);
    size_t replica_count = 0;
    const rd_kafka_Node_t** replicas = rd_kafka_TopicPartitionInfo_replicas(partition, &replica_count);
    size_t in_sync_count = 0;
    const rd_kafka_Node_t** in_sync = rd_kafka_TopicPartitionInfo_isr(partition, &in_sync_count);
    return Answer::Fields{{"partition", rd_kafka_TopicPartitionInfo_partition(partition)},
                          {"leader", leader == nullptr ? -1 : rd_kafka_Node_id(leader)},
                          {"replicas", ReadNodes(replicas, replica_count)},
                          {"inSyncReplicas", ReadNodes(in_sync, in_sync_count)}};
  }

  static Answer ReadNodes(const rd_kafka_Node_t** nodes, size_t count) {
    Answer::List ids;
    for (size_t i = 0; i < count; i++) ids.push_back(rd_kafka_Node_id(nodes[i]));
    return ids;
  }

  std::vector<std::string> topics_;
};

struct NewTopic {
  std::string topic;
  int64_t partitions;
  int64_t replication_factor;
  std::vector<std::pair<std::string, std::string>> configs;
};

class CreateTopics : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> value;
    v8::Local<v8::Array> topics;
    if (!GetProperty(args, "topics", &value) || !ReadArray(value, "topics", &topics)) return false;
    for (uint32_t i = 0; i < topics->Length(); i++) {
      NewTopic topic;
      if (!GetElement(topics, i, &value) || !ReadNewTopic(value, "topics[" + std::to_string(i) + "]", &topic))
        return false;
      topics_.push_back(std::move(topic));
    }
    if (!GetProperty(args, "validateOnly", &value)) return false;
    if (!value->IsUndefined() && !value->IsBoolean()) return RefuseArgument("validateOnly", "a boolean");
    validate_only_ = value->IsTrue();
    return true;
  }
  bool empty() const override { return topics_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_CREATETOPICS; }

  void Configure(rd_kafka_AdminOptions_t* options, int timeout_ms) const override {
    char text[256];
    // How long the controller may take to spread the word.
    rd_kafka_AdminOptions_set_operation_timeout(options, timeout_ms, text, sizeof(text));
    rd_kafka_AdminOptions_set_validate_only(options, validate_only_ ? 1 : 0, text, sizeof(text));
  }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError* error) const override {
    std::vector<rd_kafka_NewTopic_t*> list;
    for (const NewTopic& topic : topics_) {
      char text[512];
      rd_kafka_NewTopic_t* element =
          rd_kafka_NewTopic_new(topic.topic.c_str(), static_cast<int>(topic.partitions),
                                static_cast<int>(topic.replication_factor), text, sizeof(text));
      if (element == nullptr) {
        *error = {RD_KAFKA_RESP_ERR__INVALID_ARG, text};
        break;
      }
      list.push_back(element);
      for (const auto& [name, value] : topic.configs)
        rd_kafka_NewTopic_set_config(element, name.c_str(), value.c_str());
    }
    if (error->code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_CreateTopics(rk, list.data(), list.size(), options, queue);
    }
    rd_kafka_NewTopic_destroy_array(list.data(), list.size());
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_topic_result_t** results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(const_cast<rd_kafka_event_t*>(event)), &count);
    return ReadTopicResults(results, count);
  }

 private:
  static bool ReadNewTopic(v8::Local<v8::Value> value, const std::string& name, NewTopic* out) {
    v8::Local<v8::Object> object;
    v8::Local<v8::Value> topic;
    v8::Local<v8::Value> partitions;
    v8::Local<v8::Value> replication_factor;
    v8::Local<v8::Value> configs;
    return ReadObject(value, name, &object) && GetProperty(object, "topic", &topic) &&
           ReadTopic(topic, name + ".topic", &out->topic) && GetProperty(object, "partitions", &partitions) &&
           ReadInteger(partitions, name + ".partitions", -1, 100000, &out->partitions) &&
           GetProperty(object, "replicationFactor", &replication_factor) &&
           ReadInteger(replication_factor, name + ".replicationFactor", -1, INT16_MAX, &out->replication_factor) &&
           GetProperty(object, "configs", &configs) && ReadConfigs(configs, name + ".configs", out);
  }

  static bool ReadConfigs(v8::Local<v8::Value> value, const std::string& name, NewTopic* out) {
    v8::Local<v8::Object> object;
    v8::Local<v8::Array> keys;
    if (!ReadObject(value, name, &object) || !Nan::GetOwnPropertyNames(object).ToLocal(&keys)) return false;
    for (uint32_t i = 0; i < keys->Length(); i++) {
      v8::Local<v8::Value> key;
      v8::Local<v8::Value> setting;
      std::string key_text;
      std::string setting_text;
      if (!GetElement(keys, i, &key) || !Nan::Get(object, key).ToLocal(&setting)) return false;
      v8::Local<v8::String> key_string;
      if (!Nan::To<v8::String>(key).ToLocal(&key_string)) return false;
      if (!ReadText(key_string, "a key of " + name, 1, 512, &key_text) ||
          !ReadText(setting, name + "." + key_text, 0, 1 << 16, &setting_text)) {
        return false;
      }
      out->configs.emplace_back(std::move(key_text), std::move(setting_text));
    }
    return true;
  }

  std::vector<NewTopic> topics_;
  bool validate_only_ = false;
};

class CreatePartitions : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> topic;
    v8::Local<v8::Value> partitions;
    return GetProperty(args, "topic", &topic) && ReadTopic(topic, "topic", &topic_) &&
           GetProperty(args, "partitions", &partitions) &&
           ReadInteger(partitions, "partitions", 1, 100000, &partitions_);
  }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_CREATEPARTITIONS; }

  void Configure(rd_kafka_AdminOptions_t* options, int timeout_ms) const override {
    char text[256];
    rd_kafka_AdminOptions_set_operation_timeout(options, timeout_ms, text, sizeof(text));
  }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError* error) const override {
    char text[512];
    rd_kafka_NewPartitions_t* request =
        rd_kafka_NewPartitions_new(topic_.c_str(), static_cast<size_t>(partitions_), text, sizeof(text));
    if (request == nullptr) {
      *error = {RD_KAFKA_RESP_ERR__INVALID_ARG, text};
      return;
    }
    rd_kafka_CreatePartitions(rk, &request, 1, options, queue);
    rd_kafka_NewPartitions_destroy(request);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_topic_result_t** results = rd_kafka_CreatePartitions_result_topics(
        rd_kafka_event_CreatePartitions_result(const_cast<rd_kafka_event_t*>(event)), &count);
    return ReadTopicResults(results, count);
  }

 private:
  std::string topic_;
  int64_t partitions_ = 0;
};

class DeleteTopics : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override { return ReadTopics(args, &topics_); }
  bool empty() const override { return topics_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_DELETETOPICS; }

  void Configure(rd_kafka_AdminOptions_t* options, int timeout_ms) const override {
    char text[256];
    rd_kafka_AdminOptions_set_operation_timeout(options, timeout_ms, text, sizeof(text));
  }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    std::vector<rd_kafka_DeleteTopic_t*> list;
    for (const std::string& topic : topics_) list.push_back(rd_kafka_DeleteTopic_new(topic.c_str()));
    rd_kafka_DeleteTopics(rk, list.data(), list.size(), options, queue);
    rd_kafka_DeleteTopic_destroy_array(list.data(), list.size());
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_topic_result_t** results = rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(const_cast<rd_kafka_event_t*>(event)), &count);
    return ReadTopicResults(results, count);
  }

 private:
  std::vector<std::string> topics_;
};

}  // namespace

std::unique_ptr<AdminRequest> MakeDescribeTopics() { return std::make_unique<DescribeTopics>(); }
std::unique_ptr<AdminRequest> MakeCreateTopics() { return std::make_unique<CreateTopics>(); }
std::unique_ptr<AdminRequest> MakeCreatePartitions() { return std::make_unique<CreatePartitions>(); }
std::unique_ptr<AdminRequest> MakeDeleteTopics() { return std::make_unique<DeleteTopics>(); }

}  // namespace millrace
