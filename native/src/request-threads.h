#pragma once

#include <atomic>

#include "task.h"

namespace millrace {

/** A few threads for requests that wait long for their answer. They end when there is nothing to do. */
class RequestThreads {
 public:
  static void Post(Task task);
  /** True when the process ends: give up waiting. */
  static const std::atomic<bool>& stopped();
};

}  // namespace millrace
