#include "completions.h"

#include <list>
#include <mutex>
#include <vector>

namespace millrace {

namespace {

/** Invariant: `async` is open exactly while `open` is true; `tasks` is touched under `mutex` only. Never destroyed. */
struct State {
  std::mutex mutex;
  std::vector<Task> tasks;
  bool open = false;
  uv_async_t async;
  // Main thread only.
  size_t expected = 0;
  std::list<std::function<void()>> exits;
};

State& state() {
  static State* instance = new State();
  return *instance;
}

void RunTasks(uv_async_t*) {
  State& self = state();
  std::vector<Task> tasks;
  {
    std::lock_guard<std::mutex> lock(self.mutex);
    tasks.swap(self.tasks);
  }
  for (Task& task : tasks) {
    Nan::HandleScope scope;
    task();
  }
}

/** Both of node's ways to end lead here; the second one finds nothing to do. */
void End(void*) {
  State& self = state();
  while (!self.exits.empty()) {
    std::function<void()> stop = std::move(self.exits.front());
    self.exits.pop_front();
    stop();
  }
  std::lock_guard<std::mutex> lock(self.mutex);
  for (Task& task : self.tasks) task.Leak();
  self.tasks.clear();
  if (!self.open) return;
  self.open = false;
  uv_close(reinterpret_cast<uv_handle_t*>(&self.async), nullptr);
}

}  // namespace

void Completions::Init() {
  State& self = state();
  uv_async_init(Nan::GetCurrentEventLoop(), &self.async, RunTasks);
  uv_unref(reinterpret_cast<uv_handle_t*>(&self.async));
  self.open = true;
  // process.exit() runs only the second kind.
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  node::AddEnvironmentCleanupHook(isolate, End, nullptr);
  node::AtExit(node::GetCurrentEnvironment(isolate->GetCurrentContext()), End, nullptr);
}

void Completions::Post(Task task) {
  State& self = state();
  std::lock_guard<std::mutex> lock(self.mutex);
  if (!self.open) {
    task.Leak();
    return;
  }
  self.tasks.push_back(std::move(task));
  uv_async_send(&self.async);
}

void Completions::Expect() {
  State& self = state();
  if (self.expected++ == 0) uv_ref(reinterpret_cast<uv_handle_t*>(&self.async));
}

void Completions::Happened() {
  State& self = state();
  if (--self.expected == 0 && self.open) uv_unref(reinterpret_cast<uv_handle_t*>(&self.async));
}

void* Completions::OnExit(std::function<void()> stop) {
  State& self = state();
  self.exits.push_back(std::move(stop));
  return &self.exits.back();
}

void Completions::ForgetExit(void* token) {
  state().exits.remove_if([token](const std::function<void()>& stop) { return &stop == token; });
}

JsCallback::JsCallback(v8::Local<v8::Function> function) : callback_(function), resource_("millrace") {
  Completions::Expect();
}

JsCallback::~JsCallback() { Completions::Happened(); }

void JsCallback::Succeed(v8::Local<v8::Value> value) {
  v8::Local<v8::Value> argv[] = {Nan::Null(), value};
  Call(2, argv);
}

void JsCallback::Fail(v8::Local<v8::Value> error) {
  v8::Local<v8::Value> argv[] = {error};
  Call(1, argv);
}

void JsCallback::Call(int argc, v8::Local<v8::Value> argv[]) {
  // An exception of the callback becomes an uncaughtException of the process, as in all of node.
  callback_.Call(argc, argv, &resource_);
}

}  // namespace millrace
