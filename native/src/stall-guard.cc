#include "stall-guard.h"

#include <algorithm>
#include <cstdlib>

namespace millrace {

namespace {

using std::chrono::milliseconds;

/** Longer than a near broker takes for a request, so that copying at full speed is never held up. */
constexpr milliseconds kStalledAfter{20};
/** The same when partitions may be waiting for one another. */
constexpr milliseconds kAllStalledAfter{200};
/** Fewer than `max.in.flight`: each of them can have its request on its way. */
constexpr size_t kFew = 4;
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{1000};
/** Longer than `rd_kafka_max_block_ms`, after which a broker's thread looks again whether it needs a connection. */
constexpr milliseconds kSpare{1100};
/** After it moved last. */
constexpr milliseconds kFirstSpare{1000};
/** A request that stands still costs a tenth of a core by that. */
constexpr milliseconds kNextSpare{10000};
/** Who begins to wait is looked at often, who has waited for so long is not. */
constexpr milliseconds kPatience{1000};

}  // namespace

TargetPartition* StallGuard::Of(const std::string& topic, int32_t partition) {
  std::unique_ptr<TargetPartition>& found = partitions_[{topic, partition}];
  if (!found) found.reset(new TargetPartition{topic, partition});
  return found.get();
}

void StallGuard::Enqueued(TargetPartition* partition, size_t records) {
  if (partition->pending == 0) partition->moved = true;
  partition->pending += static_cast<int64_t>(records);
  if (partition->watched) return;
  partition->watched = true;
  watched_.push_back(partition);
}

bool StallGuard::Look(rd_kafka_t* rk, Clock::time_point now) {
  // A partition that is paused is waited for: its report must not wait for the next look.
  if (now < next_look_ && paused_ == 0) return !watched_.empty();
  next_look_ = now + kLookInterval;
  if (linger_.count() < 0) ReadLinger(rk);

  const bool few = watched_.size() <= kFew;
  const bool moved = std::any_of(watched_.begin(), watched_.end(), [](const auto* each) { return each->moved; });
  if (moved) last_move_ = now;
  const bool busy = cpu_.Busy(now);
  Partitions pause;
  Partitions resume;
  Partitions rest;
  for (TargetPartition* each : watched_) {
    const bool moves = each->moved || (moved && !few);
    each->moved = false;
    if (moves) {
      each->pause = milliseconds(0);
      each->spare_at = now + kFirstSpare;
    }
    if (each->paused) {
      if (moves || each->pending == 0 || now - each->since >= each->pause) resume.push_back(each);
    } else if (moves) {
      each->since = now;
    } else if (busy && IsStalled(*each, few, now)) {
      pause.push_back(each);
    }
    each->watched = each->pending > 0;
    if (each->watched) rest.push_back(each);
  }
  watched_ = std::move(rest);
  paused_ += pause.size() - resume.size();
  for (TargetPartition* each : pause) {
    each->paused = true;
    each->since = now;
    each->pause = std::clamp(2 * each->pause, kFirstPause, kLongestPause);
  }
  for (TargetPartition* each : resume) {
    each->paused = false;
    each->since = now;
    if (now < each->spare_at) continue;
    each->spared_until = now + kSpare;
    each->spare_at = now + kNextSpare;
  }
  if (!resume.empty()) last_resume_ = now;
  const bool soon = watched_.size() > paused_ && now - std::max(last_move_, last_resume_) < kPatience;
  if (!pause.empty()) Ask(rk, pause, true);
  if (resume.empty()) return soon;
  Ask(rk, resume, false);
  // Resuming wakes nobody; a flush that doesn't wait wakes the brokers' threads. It may serve reports.
  rd_kafka_flush(rk, 0);
  return soon;
}

bool StallGuard::IsStalled(const TargetPartition& partition, bool few, Clock::time_point now) const {
  if (partition.pending == 0 || now < partition.spared_until) return false;
  return few ? now - partition.since >= linger_ + kStalledAfter
             : now - std::max(partition.since, last_move_) >= linger_ + kAllStalledAfter;
}

/** As the client was configured. Without it nothing is ever stalled. */
void StallGuard::ReadLinger(rd_kafka_t* rk) {
  char text[64];
  size_t size = sizeof(text);
  const bool known = rd_kafka_conf_get(rd_kafka_conf(rk), "linger.ms", text, &size) == RD_KAFKA_CONF_OK;
  linger_ = known ? milliseconds(static_cast<int64_t>(std::strtod(text, nullptr)) + 1) : std::chrono::hours(1);
}

/**
 * Waits for librdkafka's own main thread, which never waits for us. A partition that librdkafka has forgotten is marked
 * in the list and of no interest.
 */
void StallGuard::Ask(rd_kafka_t* rk, const Partitions& partitions, bool pause) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()));
  for (const TargetPartition* each : partitions) {
    rd_kafka_topic_partition_list_add(list, each->topic.c_str(), each->partition);
  }
  if (pause) {
    rd_kafka_pause_partitions(rk, list);
  } else {
    rd_kafka_resume_partitions(rk, list);
  }
  rd_kafka_topic_partition_list_destroy(list);
}

}  // namespace millrace
