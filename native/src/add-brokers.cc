#include "add-brokers.h"

#include <rdkafka.h>

#include <memory>
#include <string>

#include "arguments.h"
#include "handle.h"

namespace millrace {

namespace {

constexpr size_t kMaxListLength = 65536;

}  // namespace

void AddBrokers(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::string brokers;
  if (!ReadText(info[1], "brokers", 1, kMaxListLength, &brokers)) return;
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kAny);
  if (!handle) return;
  Handle::Use use(*handle);
  // Copies the list. Names are looked up by the brokers' own threads, so this does not wait for anybody.
  const int known = use.ready() ? rd_kafka_brokers_add(use.rk(), brokers.c_str()) : 0;
  info.GetReturnValue().Set(known);
}

}  // namespace millrace
