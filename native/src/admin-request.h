#pragma once

#include <nan.h>
#include <rdkafka.h>

#include <memory>
#include <string>

#include "answer.h"
#include "error.h"

namespace millrace {

/** One kind of admin request: arguments from JavaScript, call of librdkafka, answer from its event. */
class AdminRequest {
 public:
  virtual ~AdminRequest() = default;

  /** Main thread. False after a TypeError was thrown. */
  virtual bool ReadArguments(v8::Local<v8::Object> args) = 0;
  /** Nothing is asked for, so the answer is an empty list. */
  virtual bool empty() const { return false; }

  // The rest on a native thread.
  virtual rd_kafka_admin_op_t op() const = 0;
  virtual void Configure(rd_kafka_AdminOptions_t* options, int timeout_ms) const {}
  /** `error` is set if nothing was sent. */
  virtual void Send(rd_kafka_t* rk, const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue,
                    RequestError* error) const = 0;
  /** `error` is set if the answer as a whole is one. */
  virtual Answer Read(const rd_kafka_event_t* event, RequestError* error) const = 0;
};

/** Null if there is no such request. */
std::unique_ptr<AdminRequest> MakeAdminRequest(const std::string& name);

std::unique_ptr<AdminRequest> MakeDescribeCluster();
std::unique_ptr<AdminRequest> MakeDescribeConfigs();
std::unique_ptr<AdminRequest> MakeDescribeTopics();
std::unique_ptr<AdminRequest> MakeCreateTopics();
std::unique_ptr<AdminRequest> MakeCreatePartitions();
std::unique_ptr<AdminRequest> MakeDeleteTopics();
std::unique_ptr<AdminRequest> MakeListOffsets();
std::unique_ptr<AdminRequest> MakeListConsumerGroupOffsets();
std::unique_ptr<AdminRequest> MakeAlterConsumerGroupOffsets();
std::unique_ptr<AdminRequest> MakeDeleteGroup();

}  // namespace millrace
