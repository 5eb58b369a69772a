#pragma once

#include <rdkafka.h>

#include <chrono>
#include <thread>

#include "handle.h"

namespace millrace {

/**
 * A queue of its own for the answer to one request, waited for in slices of 100 ms so that the connection lock is
 * never held longer.
 *
 * Invariant: the queue is destroyed under the connection lock. If the client was destroyed while we waited, which its
 * user should not do, the queue is left alone: its memory is lost, but nobody touches a dead client.
 */
class ReplyQueue {
 public:
  enum class Outcome { kAnswered, kNotSent, kTimedOut, kClosed };

  static constexpr int kNoDeadline = -1;

  explicit ReplyQueue(Handle& handle) : handle_(handle) {}
  ReplyQueue(const ReplyQueue&) = delete;
  ReplyQueue& operator=(const ReplyQueue&) = delete;

  /**
   * `send(rk, queue)` says whether the request was sent, `wait(queue, slice_ms)` whether the answer came. Both run on
   * this thread, under the lock. `stopped()` says that the answer is not wanted any more.
   */
  template <typename Stopped, typename Send, typename Wait>
  Outcome Run(Stopped stopped, int timeout_ms, Send send, Wait wait) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (!stopped()) {
      {
        Handle::Use use(handle_);
        if (use.gone()) return Outcome::kClosed;
        if (use.ready()) {
          if (queue_ == nullptr) {
            queue_ = rd_kafka_queue_new(use.rk());
            if (!send(use.rk(), queue_)) return End(Outcome::kNotSent);
          }
          if (wait(queue_, kSliceMs)) return End(Outcome::kAnswered);
        }
        if (timeout_ms != kNoDeadline && std::chrono::steady_clock::now() >= deadline && use.ready()) {
          return queue_ == nullptr ? Outcome::kTimedOut : End(Outcome::kTimedOut);
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Handle::Use use(handle_);
    return use.ready() && queue_ != nullptr ? End(Outcome::kClosed) : Outcome::kClosed;
  }

 private:
  static constexpr int kSliceMs = 100;

  Outcome End(Outcome outcome) {
    rd_kafka_queue_destroy(queue_);
    return outcome;
  }

  Handle& handle_;
  rd_kafka_queue_t* queue_ = nullptr;
};

}  // namespace millrace
