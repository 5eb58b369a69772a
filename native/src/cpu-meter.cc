#include "cpu-meter.h"

#include <ctime>

namespace millrace {

namespace {

using std::chrono::nanoseconds;

constexpr std::chrono::milliseconds kSample{10};
/** Of a core. One that spins takes all of it, or half where it has to share. */
constexpr double kBusy = 0.4;

/** User and system time of all threads. */
nanoseconds ProcessTime() {
  timespec time;
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) return nanoseconds(0);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

}  // namespace

bool CpuMeter::Busy(Clock::time_point now) {
  if (used_.count() >= 0 && now - sampled_at_ < kSample) return busy_;
  const nanoseconds used = ProcessTime();
  if (used_.count() >= 0) {
    const nanoseconds elapsed = now - sampled_at_;
    busy_ = static_cast<double>((used - used_).count()) > kBusy * static_cast<double>(elapsed.count());
  }
  used_ = used;
  sampled_at_ = now;
  return busy_;
}

}  // namespace millrace
