#include "request-threads.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "completions.h"

namespace millrace {

namespace {

constexpr size_t kMaxThreads = 16;

/** Invariant: while there are tasks there is a thread that will take them. Never destroyed. */
struct State {
  std::mutex mutex;
  std::condition_variable ended;
  std::deque<Task> tasks;
  size_t threads = 0;
  std::atomic<bool> stopped{false};
  bool exit_registered = false;
};

State& state() {
  static State* instance = new State();
  return *instance;
}

void RunTasks() {
  State& self = state();
  std::unique_lock<std::mutex> lock(self.mutex);
  while (!self.tasks.empty()) {
    Task task = std::move(self.tasks.front());
    self.tasks.pop_front();
    lock.unlock();
    task();
    task = Task();
    lock.lock();
  }
  self.threads--;
  self.ended.notify_all();
}

void StopAtExit() {
  State& self = state();
  self.stopped = true;
  std::unique_lock<std::mutex> lock(self.mutex);
  for (Task& task : self.tasks) task.Leak();
  self.tasks.clear();
  self.ended.wait(lock, [&self] { return self.threads == 0; });
}

}  // namespace

void RequestThreads::Post(Task task) {
  State& self = state();
  if (!self.exit_registered) {
    self.exit_registered = true;
    Completions::OnExit(StopAtExit);
  }
  std::lock_guard<std::mutex> lock(self.mutex);
  self.tasks.push_back(std::move(task));
  if (self.threads == kMaxThreads) return;
  self.threads++;
  std::thread(RunTasks).detach();
}

const std::atomic<bool>& RequestThreads::stopped() { return state().stopped; }

}  // namespace millrace
