#pragma once

#include <rdkafka.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cpu-meter.h"

namespace millrace {

/** A target partition of a producer: how much librdkafka has of it without a report. */
struct TargetPartition {
  const std::string topic;
  const int32_t partition;
  int64_t pending = 0;
  /** Something was reported, or the first record came, since the guard looked last. */
  bool moved = false;
  bool paused = false;
  /** The guard looks at it. */
  bool watched = false;
  /** Of the last move that the guard saw; while paused, of the pause. */
  std::chrono::steady_clock::time_point since;
  /** How long it is paused this time: longer each time, until it moves. */
  std::chrono::milliseconds pause{0};
  /** It is not paused before. */
  std::chrono::steady_clock::time_point spared_until;
  /** When it is spared again. */
  std::chrono::steady_clock::time_point spare_at;

  void Reported() {
    pending--;
    moved = true;
  }
};

/**
 * Keeps librdkafka from burning a core while it waits for the target.
 *
 * An idempotent producer has one request a partition on its way. When the records behind it have waited for linger.ms,
 * `rd_kafka_msgq_allow_wakeup_at` says "now" and the broker's thread polls without sleeping until the answer is there
 * (librdkafka 2.12, docs/decisions/0010). A paused partition is left out of that: what is on its way is not touched,
 * and the next request leaves as soon as it is resumed. So a partition that doesn't move while a core is kept busy is
 * paused, and resumed by the next report, or after a while to see: a request that was never sent, or is to be sent
 * again, has no report to come.
 *
 * A partition may also wait for its broker to be connected, for which nothing spins. librdkafka looks once a second
 * whether a broker without a connection is needed, and a paused partition needs none: where a core is busy with
 * something else it is spared for as long as that takes, now and then.
 *
 * Partitions that wait for their turn at a busy broker must not be taken for such: when there are more than a
 * connection has requests on its way, they are paused only while nothing moves at all.
 *
 * Not thread-safe: the producer's report mutex protects it. It owns its `TargetPartition`s and keeps them all.
 */
class StallGuard {
 public:
  using Clock = std::chrono::steady_clock;

  /** The same one for the same partition, as long as this lives. */
  TargetPartition* Of(const std::string& topic, int32_t partition);

  void Enqueued(TargetPartition* partition, size_t records);

  /**
   * To be called often; asks librdkafka for something only when a partition's state changes. True if it should be
   * called again within `kLookInterval`, not only when there is a report.
   */
  bool Look(rd_kafka_t* rk, Clock::time_point now);

  /** A look costs something for each partition that waits; none is paused sooner than this. */
  static constexpr std::chrono::milliseconds kLookInterval{10};

 private:
  using Partitions = std::vector<TargetPartition*>;

  bool IsStalled(const TargetPartition& partition, bool few, Clock::time_point now) const;
  void ReadLinger(rd_kafka_t* rk);
  static void Ask(rd_kafka_t* rk, const Partitions& partitions, bool pause);

  std::map<std::pair<std::string, int32_t>, std::unique_ptr<TargetPartition>> partitions_;
  // Those with something pending, or paused.
  Partitions watched_;
  // Of any partition.
  Clock::time_point last_move_;
  Clock::time_point last_resume_;
  Clock::time_point next_look_;
  size_t paused_ = 0;
  CpuMeter cpu_;
  // Records wait that long before they are sent; -1 = not read yet.
  std::chrono::milliseconds linger_{-1};
};

}  // namespace millrace
