#include <vector>

#include "admin-request.h"
#include "arguments.h"

namespace millrace {

namespace {

class DescribeCluster : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object>) override { return true; }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    rd_kafka_DescribeCluster(rk, options, queue);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    const rd_kafka_DescribeCluster_result_t* result =
        rd_kafka_event_DescribeCluster_result(const_cast<rd_kafka_event_t*>(event));
    const rd_kafka_Node_t* controller = rd_kafka_DescribeCluster_result_controller(result);
    const char* cluster_id = rd_kafka_DescribeCluster_result_cluster_id(result);
    size_t count;
    const rd_kafka_Node_t** nodes = rd_kafka_DescribeCluster_result_nodes(result, &count);
    Answer::List brokers;
    for (size_t i = 0; i < count; i++) {
      brokers.push_back(Answer::Fields{{"id", rd_kafka_Node_id(nodes[i])},
                                       {"host", rd_kafka_Node_host(nodes[i])},
                                       {"port", static_cast<int>(rd_kafka_Node_port(nodes[i]))}});
    }
    return Answer::Fields{{"clusterId", cluster_id == nullptr ? "" : cluster_id},
                          {"controllerId", controller == nullptr ? -1 : rd_kafka_Node_id(controller)},
                          {"brokers", std::move(brokers)}};
  }
};

struct Resource {
  rd_kafka_ResourceType_t type;
  std::string name;
};

class DescribeConfigs : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override {
    v8::Local<v8::Value> value;
    v8::Local<v8::Array> resources;
    if (!GetProperty(args, "resources", &value) || !ReadArray(value, "resources", &resources)) return false;
    for (uint32_t i = 0; i < resources->Length(); i++) {
      if (!ReadResource(resources, i)) return false;
    }
    return true;
  }
  bool empty() const override { return resources_.empty(); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    std::vector<rd_kafka_ConfigResource_t*> list;
    for (const Resource& resource : resources_) {
      list.push_back(rd_kafka_ConfigResource_new(resource.type, resource.name.c_str()));
    }
    rd_kafka_DescribeConfigs(rk, list.data(), list.size(), options, queue);
    rd_kafka_ConfigResource_destroy_array(list.data(), list.size());
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_ConfigResource_t** resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(const_cast<rd_kafka_event_t*>(event)), &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) {
      const bool is_topic = rd_kafka_ConfigResource_type(resources[i]) == RD_KAFKA_RESOURCE_TOPIC;
      const char* text = rd_kafka_ConfigResource_error_string(resources[i]);
      list.push_back(Answer::Fields{{"type", is_topic ? "topic" : "broker"},
                                    {"name", rd_kafka_ConfigResource_name(resources[i])},
                                    {"code", static_cast<int>(rd_kafka_ConfigResource_error(resources[i]))},
                                    {"text", text == nullptr ? "" : text},
                                    {"entries", ReadEntries(resources[i])}});
    }
    return list;
  }

 private:
  bool ReadResource(v8::Local<v8::Array> resources, uint32_t index) {
    const std::string place = "resources[" + std::to_string(index) + "]";
    v8::Local<v8::Value> value;
    v8::Local<v8::Object> object;
    v8::Local<v8::Value> type;
    v8::Local<v8::Value> name;
    std::string type_name;
    Resource resource;
    if (!GetElement(resources, index, &value) || !ReadObject(value, place, &object) ||
        !GetProperty(object, "type", &type) || !ReadText(type, place + ".type", 1, 16, &type_name) ||
        !GetProperty(object, "name", &name) || !ReadText(name, place + ".name", 1, kMaxTopicLength, &resource.name)) {
      return false;
    }
    if (type_name != "topic" && type_name != "broker") return RefuseArgument(place + ".type", "'topic' or 'broker'");
    resource.type = type_name == "topic" ? RD_KAFKA_RESOURCE_TOPIC : RD_KAFKA_RESOURCE_BROKER;
    resources_.push_back(std::move(resource));
    return true;
  }

  static Answer ReadEntries(const rd_kafka_ConfigResource_t* resource) {
    size_t count;
    const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(resource, &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) {
      list.push_back(Answer::Fields{{"name", rd_kafka_ConfigEntry_name(entries[i])},
                                    {"value", rd_kafka_ConfigEntry_value(entries[i])},
                                    {"source", static_cast<int>(rd_kafka_ConfigEntry_source(entries[i]))},
                                    {"isDefault", rd_kafka_ConfigEntry_is_default(entries[i]) == 1},
                                    {"isSensitive", rd_kafka_ConfigEntry_is_sensitive(entries[i]) == 1}});
    }
    return list;
  }

  std::vector<Resource> resources_;
};

}  // namespace

std::unique_ptr<AdminRequest> MakeDescribeCluster() { return std::make_unique<DescribeCluster>(); }
std::unique_ptr<AdminRequest> MakeDescribeConfigs() { return std::make_unique<DescribeConfigs>(); }

}  // namespace millrace
