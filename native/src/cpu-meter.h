#pragma once

#include <chrono>

namespace millrace {

/** Says whether this process keeps a core busy, from one sample to the next. Not thread-safe. */
class CpuMeter {
 public:
  using Clock = std::chrono::steady_clock;

  /** To be called often; the answer is about the last `kSample` or more. False until there were two samples. */
  bool Busy(Clock::time_point now);

 private:
  Clock::time_point sampled_at_;
  std::chrono::nanoseconds used_{-1};
  bool busy_ = false;
};

}  // namespace millrace
