#include "task-thread.h"

namespace millrace {

TaskThread::~TaskThread() {
  Finish();
  Join();
}

bool TaskThread::Post(Task task) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (finished_) return false;
  tasks_.push_back(std::move(task));
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { Run(); });
  } else {
    wake_.notify_one();
  }
  return true;
}

void TaskThread::Finish() {
  std::lock_guard<std::mutex> lock(mutex_);
  finished_ = true;
  wake_.notify_one();
}

void TaskThread::Join() {
  if (thread_.joinable()) thread_.join();
}

void TaskThread::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return finished_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = Task();
    lock.lock();
  }
}

}  // namespace millrace
