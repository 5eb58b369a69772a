#include <nan.h>
#include <rdkafka.h>

#include <sstream>
#include <string>

#include "add-brokers.h"
#include "admin.h"
#include "arguments.h"
#include "batch-consumer.h"
#include "batch-object.h"
#include "batch-producer.h"
#include "cluster-id.h"
#include "completions.h"
#include "counters.h"
#include "destroy-client.h"
#include "error.h"
#include "process-memory.h"

namespace millrace {

namespace {

void SetNumber(v8::Local<v8::Object> object, const char* key, int64_t value) {
  Nan::Set(object, JsString(key), Nan::New<v8::Number>(static_cast<double>(value)));
}

void ReadCounters(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Local<v8::Object> object = Nan::New<v8::Object>();
  SetNumber(object, "messagesTaken", counters().messages_taken);
  SetNumber(object, "messagesFreed", counters().messages_freed);
  SetNumber(object, "batchesAlive", counters().batches_alive);
  SetNumber(object, "batchesLeaked", counters().batches_leaked);
  SetNumber(object, "sendsInFlight", counters().sends_in_flight);
  info.GetReturnValue().Set(object);
}

v8::Local<v8::Array> Features() {
  char text[1024] = "";
  size_t size = sizeof(text);
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_get(conf, "builtin.features", text, &size);
  rd_kafka_conf_destroy(conf);
  v8::Local<v8::Array> features = Nan::New<v8::Array>();
  std::stringstream list(text);
  std::string feature;
  while (std::getline(list, feature, ',')) Nan::Set(features, features->Length(), JsString(feature));
  return features;
}

void SetFunction(v8::Local<v8::Object> exports, const char* name, v8::FunctionCallback callback) {
  v8::Local<v8::FunctionTemplate> function = v8::FunctionTemplate::New(v8::Isolate::GetCurrent(), callback);
  Nan::Set(exports, JsString(name), Nan::GetFunction(function).ToLocalChecked());
}

void Init(v8::Local<v8::Object> exports, v8::Local<v8::Value>, void*) {
  Completions::Init();
  BatchObject::Init();
  BatchConsumer::Init();
  BatchProducer::Init();
  Nan::Set(exports, JsString("librdkafkaVersion"), JsString(rd_kafka_version_str()));
  Nan::Set(exports, JsString("features"), Features());
  SetFunction(exports, "counters", ReadCounters);
  SetFunction(exports, "tuneMalloc", TuneMalloc);
  SetFunction(exports, "trimMalloc", TrimMalloc);
  SetFunction(exports, "attachConsumer", BatchConsumer::Attach);
  SetFunction(exports, "attachProducer", BatchProducer::Attach);
  SetFunction(exports, "admin", Admin::Request);
  SetFunction(exports, "cancelRequests", Admin::Cancel);
  SetFunction(exports, "addBrokers", AddBrokers);
  SetFunction(exports, "clusterId", ClusterId);
  SetFunction(exports, "destroyClient", DestroyClient);
}

}  // namespace

// Not context-aware on purpose: node-rdkafka works in one thread of a process only, and so does this.
NODE_MODULE(millrace, Init)

}  // namespace millrace
