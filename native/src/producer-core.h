#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "completions.h"
#include "event-listener.h"
#include "handle-tap.h"
#include "send.h"
#include "stall-guard.h"

namespace millrace {

/**
 * The native side of an attached producer: one thread that enqueues in the order of the calls and serves the delivery
 * reports.
 *
 * Invariant: every send() gets exactly one result. Records of a lane are enqueued in the order of their sends, and
 * after a failed record none of that lane is enqueued until unblock().
 *
 * Locks, never two of them at once: `mutex_` (what the main thread and librdkafka's wake-up leave for the thread) and
 * `report_mutex_` (sends, lanes; held while librdkafka is polled, because a flush of node-rdkafka may serve our
 * reports on another thread).
 */
class ProducerCore : public HandleTap::Listener, public std::enable_shared_from_this<ProducerCore> {
 public:
  /** Null if the client is gone. */
  static std::shared_ptr<ProducerCore> Start(std::shared_ptr<Handle> handle);

  explicit ProducerCore(std::shared_ptr<Handle> handle);
  ~ProducerCore() override;

  // Main thread.
  bool IsOpen();
  bool closing() const { return closing_; }
  int64_t outstanding_records() const { return outstanding_records_; }
  int64_t outstanding_sends() const { return outstanding_sends_; }
  EventListener& events() { return *events_; }
  void Enqueue(std::unique_ptr<Send> send);
  void Unblock(int64_t lane);
  /** `callback` may be null. */
  void Close(int drain_timeout_ms, std::unique_ptr<JsCallback> callback);

  // Any thread.
  void OnClientEvent(ClientEvent event) override;
  bool OnReport(const rd_kafka_message_t* message) override;

 private:
  using Clock = std::chrono::steady_clock;

  /** What the main thread asks for, in order: a send, or (null) to unblock a lane. */
  struct Command {
    std::unique_ptr<Send> send;
    int64_t lane;
  };

  void Run();
  void WaitForWork(bool queue_full, bool watchful);
  bool TakeCommand(Command* command);
  bool EnqueueSome(rd_kafka_t* rk);
  void Begin(Command command);
  void EndCurrent();
  void BlockIfFailed(const Send& send);
  bool ServeReports(rd_kafka_t* rk);
  void HandleReport(const Slot& slot, const rd_kafka_message_t* message);
  void FailQueued(rd_kafka_resp_err_t code);
  void FailAll();
  void Purge(rd_kafka_t* rk, int flags);
  void Settle(Send* send);
  void Post(Command command);
  void Wake();
  void LetGo();
  void StopAtExit();
  static void OnQueueEvent(rd_kafka_t* rk, void* opaque);

  const std::shared_ptr<Handle> handle_;
  const std::shared_ptr<EventListener> events_;
  HandleTap* tap_ = nullptr;
  void* exit_token_ = nullptr;
  std::thread thread_;
  std::unique_ptr<JsCallback> close_callback_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Command> commands_;
  bool woken_ = false;
  Clock::time_point deadline_;

  std::mutex report_mutex_;
  // Everything begun and not settled; `current_` is the one that is being enqueued.
  std::unordered_map<Send*, std::unique_ptr<Send>> sends_;
  std::atomic<Send*> current_{nullptr};
  // Why the lane is blocked.
  std::unordered_map<int64_t, rd_kafka_resp_err_t> blocked_lanes_;
  StallGuard stall_guard_;

  Clock::time_point next_purge_;
  std::atomic<bool> closing_{false};
  std::atomic<bool> exiting_{false};
  // librdkafka delivers nothing more, yet keeps what it has.
  std::atomic<bool> fatal_{false};
  std::atomic<int64_t> outstanding_records_{0};
  std::atomic<int64_t> outstanding_sends_{0};
};

}  // namespace millrace
