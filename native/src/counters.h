#pragma once

#include <atomic>
#include <cstdint>

namespace millrace {

/**
 * What was taken and given back since the addon was loaded. Every consumed message adds 1 to `taken` and, once,
 * 1 to `freed`: a test compares them.
 */
struct Counters {
  std::atomic<int64_t> messages_taken{0};
  std::atomic<int64_t> messages_freed{0};
  std::atomic<int64_t> batches_alive{0};
  std::atomic<int64_t> batches_leaked{0};
  std::atomic<int64_t> sends_in_flight{0};
};

/** Never destroyed: threads may count while the process ends. */
Counters& counters();

}  // namespace millrace
