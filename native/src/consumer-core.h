#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "batch.h"
#include "commit.h"
#include "completions.h"
#include "digest.h"
#include "event-listener.h"
#include "handle-tap.h"
#include "poll.h"
#include "task-thread.h"

namespace millrace {

/**
 * The native side of an attached consumer: one thread that polls, another that commits, so that a commit never waits
 * for a long poll.
 *
 * Invariant: open → closing → closed. The threads run only while open or closing; the client's callbacks are ours
 * exactly until closed. Methods are for the main thread.
 */
class ConsumerCore : public HandleTap::Listener, public std::enable_shared_from_this<ConsumerCore> {
 public:
  /** Null if the client is gone. */
  static std::shared_ptr<ConsumerCore> Start(std::shared_ptr<Handle> handle);

  explicit ConsumerCore(std::shared_ptr<Handle> handle);
  ~ConsumerCore() override;

  /** Neither closed nor closing, and the client is still there. */
  bool IsOpen();
  bool IsAssignmentLost();
  bool closing() const { return closing_; }
  int64_t held() const { return origin_->held; }
  EventListener& events() { return *events_; }

  void Poll(PollLimits limits, std::unique_ptr<JsCallback> callback);
  /** Like Poll, but what reaches JavaScript are digests: the records are freed on the consumer's thread. */
  void Digest(PollLimits limits, DigestParts parts, std::unique_ptr<JsCallback> callback);
  void Commit(std::vector<CommitOffset> offsets, std::unique_ptr<JsCallback> callback);
  /** `callback` may be null. */
  void Close(std::unique_ptr<JsCallback> callback);

  void OnClientEvent(ClientEvent event) override { events_->Say(std::move(event)); }

 private:
  void WakePoll();
  void RemoveTap();
  void StopAtExit();

  const std::shared_ptr<Handle> handle_;
  const std::shared_ptr<MessageOrigin> origin_;
  const std::shared_ptr<EventListener> events_;
  HandleTap* tap_ = nullptr;
  std::atomic<bool> closing_{false};
  void* exit_token_ = nullptr;
  TaskThread polls_;
  TaskThread commits_;
};

}  // namespace millrace
