#include "admin-request.h"
#include "arguments.h"

namespace millrace {

namespace {

/**
 * Kafka has this request since 1.1. To a coordinator that doesn't know it, librdkafka 2.12.0 sends nothing and ends the
 * process (`rd_kafka_DeleteGroupsRequest` and `rd_kafka_coord_req_fail` both free the reply queue).
 */
class DeleteGroup : public AdminRequest {
 public:
  bool ReadArguments(v8::Local<v8::Object> args) override { return ReadGroupId(args, &group_id_); }
  rd_kafka_admin_op_t op() const override { return RD_KAFKA_ADMIN_OP_DELETEGROUPS; }

  void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
            RequestError*) const override {
    rd_kafka_DeleteGroup_t* request = rd_kafka_DeleteGroup_new(group_id_.c_str());
    rd_kafka_DeleteGroups(rk, &request, 1, options, queue);
    rd_kafka_DeleteGroup_destroy(request);
  }

  Answer Read(const rd_kafka_event_t* event, RequestError*) const override {
    size_t count;
    const rd_kafka_group_result_t** groups = rd_kafka_DeleteGroups_result_groups(
        rd_kafka_event_DeleteGroups_result(const_cast<rd_kafka_event_t*>(event)), &count);
    Answer::List list;
    for (size_t i = 0; i < count; i++) {
      const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[i]);
      const rd_kafka_resp_err_t code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
      list.push_back(Answer::Fields{{"groupId", rd_kafka_group_result_name(groups[i])},
                                    {"code", static_cast<int>(code)},
                                    {"name", ErrorName(code)},
                                    {"text", error == nullptr ? "" : rd_kafka_error_string(error)}});
    }
    return list;
  }

 private:
  std::string group_id_;
};

}  // namespace

std::unique_ptr<AdminRequest> MakeDeleteGroup() { return std::make_unique<DeleteGroup>(); }

}  // namespace millrace
