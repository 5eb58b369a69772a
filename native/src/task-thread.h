#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "task.h"

namespace millrace {

/**
 * One thread that runs tasks in the order they were posted. Started by the first task.
 *
 * Invariant: after Join() no task runs and none is accepted.
 */
class TaskThread {
 public:
  TaskThread() = default;
  ~TaskThread();
  TaskThread(const TaskThread&) = delete;
  TaskThread& operator=(const TaskThread&) = delete;

  /** False, and the task is dropped, once Finish() was called. */
  bool Post(Task task);

  /** No more tasks; the thread ends when it has run those it has. Any thread. */
  void Finish();

  /** Waits for the thread's end. Not from the thread itself. */
  void Join();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace millrace
