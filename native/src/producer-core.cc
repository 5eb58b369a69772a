#include "producer-core.h"

#include <algorithm>

#include "attachments.h"
#include "error.h"

namespace millrace {

namespace {

/** Records enqueued before reports are served and the connection lock is let go: about a millisecond. */
constexpr size_t kChunk = 1000;
constexpr std::chrono::milliseconds kFallbackPoll{100};
constexpr std::chrono::milliseconds kFullQueuePoll{10};
constexpr std::chrono::milliseconds kPurgeInterval{500};

/** The producer whose thread this is: its reports need no lock, it holds it already. */
thread_local const ProducerCore* served_here = nullptr;

}  // namespace

std::shared_ptr<ProducerCore> ProducerCore::Start(std::shared_ptr<Handle> handle) {
  auto core = std::make_shared<ProducerCore>(handle);
  {
    Handle::Use use(*handle);
    if (!use.ready()) return nullptr;
    core->tap_ = HandleTap::Install(use, core.get(), true);
    rd_kafka_queue_t* queue = rd_kafka_queue_get_main(use.rk());
    rd_kafka_queue_cb_event_enable(queue, OnQueueEvent, core.get());
    rd_kafka_queue_destroy(queue);
  }
  core->exit_token_ = Completions::OnExit([raw = core.get()] { raw->StopAtExit(); });
  core->thread_ = std::thread([core] { core->Run(); });
  return core;
}

ProducerCore::ProducerCore(std::shared_ptr<Handle> handle)
    : handle_(std::move(handle)), events_(std::make_shared<EventListener>()) {}

ProducerCore::~ProducerCore() = default;

bool ProducerCore::IsOpen() {
  if (closing_) return false;
  Handle::Use use(*handle_);
  return use.ready();
}

void ProducerCore::Enqueue(std::unique_ptr<Send> send) {
  outstanding_sends_++;
  outstanding_records_ += static_cast<int64_t>(send->total());
  const int64_t lane = send->lane();
  Post({std::move(send), lane});
}

void ProducerCore::Unblock(int64_t lane) { Post({nullptr, lane}); }

void ProducerCore::Close(int drain_timeout_ms, std::unique_ptr<JsCallback> callback) {
  events_->Clear();
  close_callback_ = std::move(callback);
  std::lock_guard<std::mutex> lock(mutex_);
  deadline_ = Clock::now() + std::chrono::milliseconds(drain_timeout_ms);
  closing_ = true;
  woken_ = true;
  wake_.notify_one();
}

void ProducerCore::Post(Command command) {
  std::lock_guard<std::mutex> lock(mutex_);
  commands_.push_back(std::move(command));
  woken_ = true;
  wake_.notify_one();
}

void ProducerCore::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  woken_ = true;
  wake_.notify_one();
}

/** On a thread of librdkafka, under the lock of its queue: may only wake somebody. */
void ProducerCore::OnQueueEvent(rd_kafka_t*, void* opaque) { static_cast<ProducerCore*>(opaque)->Wake(); }

void ProducerCore::Run() {
  served_here = this;
  bool queue_full = false;
  bool watchful = false;
  while (!exiting_) {
    WaitForWork(queue_full, watchful);
    queue_full = false;
    {
      Handle::Use use(*handle_);
      if (use.gone()) {
        FailAll();
      } else if (use.ready()) {
        watchful = ServeReports(use.rk());
        if (closing_ && Clock::now() >= deadline_) {
          FailQueued(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
          Purge(use.rk(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        } else {
          // What is in flight may still be acknowledged, so that alone is waited for.
          if (fatal_) Purge(use.rk(), RD_KAFKA_PURGE_F_QUEUE);
          queue_full = EnqueueSome(use.rk());
        }
      }
    }
    if (closing_ && outstanding_sends_ == 0) break;
  }
  if (!exiting_) LetGo();
}

void ProducerCore::WaitForWork(bool queue_full, bool watchful) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (current_ != nullptr && !queue_full) return;
  Clock::time_point until = Clock::now() + (queue_full ? kFullQueuePoll
                                            : watchful ? StallGuard::kLookInterval
                                                       : kFallbackPoll);
  if (closing_) until = std::min(until, std::max(deadline_, Clock::now() + kFullQueuePoll));
  wake_.wait_until(lock, until, [&] { return woken_ || exiting_ || (!queue_full && !commands_.empty()); });
  woken_ = false;
}

bool ProducerCore::TakeCommand(Command* command) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (commands_.empty()) return false;
  *command = std::move(commands_.front());
  commands_.pop_front();
  return true;
}

/** One chunk. True if the queue of librdkafka was full. */
bool ProducerCore::EnqueueSome(rd_kafka_t* rk) {
  Command command;
  while (current_ == nullptr) {
    if (!TakeCommand(&command)) return false;
    Begin(std::move(command));
  }
  std::lock_guard<std::mutex> lock(report_mutex_);
  // A report on another thread may have ended it.
  Send* send = current_;
  if (send == nullptr) return false;
  const Send::Enqueued enqueued = send->Enqueue(rk, kChunk);
  if (enqueued == Send::Enqueued::kQueueFull) return true;
  if (enqueued != Send::Enqueued::kSome) EndCurrent();
  return false;
}

void ProducerCore::Begin(Command command) {
  std::lock_guard<std::mutex> lock(report_mutex_);
  if (!command.send) {
    blocked_lanes_.erase(command.lane);
    return;
  }
  Send* send = command.send.get();
  send->Begin(&stall_guard_);
  sends_.emplace(send, std::move(command.send));
  current_ = send;
  const auto blocked = blocked_lanes_.find(command.lane);
  if (blocked == blocked_lanes_.end()) return;
  send->FailRest(blocked->second, FailureKind::kBlocked);
  EndCurrent();
}

void ProducerCore::EndCurrent() {
  Send* send = current_;
  current_ = nullptr;
  // Now, though its first records may still be on their way: what is behind the failed one must not overtake it.
  BlockIfFailed(*send);
  if (send->finished()) Settle(send);
}

void ProducerCore::BlockIfFailed(const Send& send) {
  if (send.failed()) blocked_lanes_.try_emplace(send.lane(), send.failure_code());
}

/** True if the stall guard wants to look again soon. */
bool ProducerCore::ServeReports(rd_kafka_t* rk) {
  std::lock_guard<std::mutex> lock(report_mutex_);
  rd_kafka_poll(rk, 0);
  return stall_guard_.Look(rk, Clock::now());
}

void ProducerCore::OnClientEvent(ClientEvent event) {
  if (event.fatal) fatal_ = true;
  events_->Say(std::move(event));
}

bool ProducerCore::OnReport(const rd_kafka_message_t* message) {
  const Slot* slot = Slot::Of(message->_private);
  if (slot == nullptr) return false;
  if (served_here == this) {
    HandleReport(*slot, message);
  } else {
    std::lock_guard<std::mutex> lock(report_mutex_);
    HandleReport(*slot, message);
    Wake();
  }
  return true;
}

void ProducerCore::HandleReport(const Slot& slot, const rd_kafka_message_t* message) {
  Send* send = slot.send;
  if (send->Report(slot, message)) {
    blocked_lanes_.try_emplace(send->lane(), message->err);
    // The records behind the failed one must not overtake it.
    if (send == current_) {
      send->FailRest(message->err, KindOf(message->err));
      current_ = nullptr;
    }
  }
  if (send->finished() && send != current_) Settle(send);
}

void ProducerCore::FailQueued(rd_kafka_resp_err_t code) {
  Command command;
  do {
    std::lock_guard<std::mutex> lock(report_mutex_);
    Send* send = current_;
    if (send == nullptr) continue;
    send->FailRest(code, FailureKind::kPurged);
    EndCurrent();
  } while (TakeCommand(&command) && (Begin(std::move(command)), true));
}

/** The client was destroyed: no report will come. */
void ProducerCore::FailAll() {
  FailQueued(RD_KAFKA_RESP_ERR__DESTROY);
  std::lock_guard<std::mutex> lock(report_mutex_);
  while (!sends_.empty()) {
    Send* send = sends_.begin()->first;
    send->FailPending(RD_KAFKA_RESP_ERR__DESTROY);
    Settle(send);
  }
}

void ProducerCore::Purge(rd_kafka_t* rk, int flags) {
  // Again and again: what was between two queues at the first time is missed.
  if (Clock::now() < next_purge_) return;
  next_purge_ = Clock::now() + kPurgeInterval;
  rd_kafka_purge(rk, flags);
}

void ProducerCore::Settle(Send* send) {
  const auto found = sends_.find(send);
  BlockIfFailed(*send);
  outstanding_records_ -= static_cast<int64_t>(send->total());
  outstanding_sends_--;
  send->Complete();
  sends_.erase(found);
}

/** The end of the thread: gives the client back as it was. */
void ProducerCore::LetGo() {
  for (;;) {
    Handle::Use use(*handle_);
    if (use.ready() || use.gone()) {
      if (use.ready()) {
        rd_kafka_queue_t* queue = rd_kafka_queue_get_main(use.rk());
        rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
        rd_kafka_queue_destroy(queue);
      }
      HandleTap::Remove(tap_, use);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  Completions::Post(Task([self = shared_from_this()] {
    self->thread_.join();
    Completions::ForgetExit(self->exit_token_);
    Attachments::Remove(self->handle_->name());
    if (self->close_callback_) self->close_callback_->Succeed(Nan::Undefined());
    self->close_callback_.reset();
  }));
}

void ProducerCore::StopAtExit() {
  exiting_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
}

}  // namespace millrace
