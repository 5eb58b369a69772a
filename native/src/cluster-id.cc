#include "cluster-id.h"

#include <rdkafka.h>

#include <memory>

#include "error.h"
#include "handle.h"

namespace millrace {

void ClusterId(const v8::FunctionCallbackInfo<v8::Value>& info) {
  std::shared_ptr<Handle> handle = Handle::Open(info[0], Handle::Kind::kAny);
  if (!handle) return;
  Handle::Use use(*handle);
  if (!use.ready()) return;
  // No time to wait: what the last answer said, or null. The copy is ours.
  char* id = rd_kafka_clusterid(use.rk(), 0);
  if (id == nullptr) return;
  info.GetReturnValue().Set(JsString(id));
  rd_kafka_mem_free(use.rk(), id);
}

}  // namespace millrace
