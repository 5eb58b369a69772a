#include "handle-tap.h"

#include <deque>

#include "rdkafkacpp_int.h"

namespace millrace {

namespace {

/** Taps that were removed; the oldest are deleted once nobody can be inside them any more. */
constexpr size_t kKeptTaps = 64;

struct RetiredTaps {
  std::mutex mutex;
  std::deque<std::unique_ptr<HandleTap>> taps;
};

RetiredTaps& retired() {
  static RetiredTaps* instance = new RetiredTaps();
  return *instance;
}

}  // namespace

HandleTap* HandleTap::Install(Handle::Use& use, Listener* listener, bool with_reports) {
  auto* tap = new HandleTap();
  RdKafka::HandleImpl* impl = use.impl();
  tap->listener_ = listener;
  tap->with_reports_ = with_reports;
  tap->original_event_cb_ = impl->event_cb_;
  tap->original_dr_cb_ = impl->dr_cb_;
  impl->event_cb_ = tap;
  if (with_reports) impl->dr_cb_ = tap;
  return tap;
}

void HandleTap::Remove(HandleTap* tap, Handle::Use& use) {
  if (use.ready()) {
    RdKafka::HandleImpl* impl = use.impl();
    impl->event_cb_ = tap->original_event_cb_;
    if (tap->with_reports_) impl->dr_cb_ = tap->original_dr_cb_;
  }
  {
    std::lock_guard<std::mutex> lock(tap->mutex_);
    tap->listener_ = nullptr;
  }
  RetiredTaps& graveyard = retired();
  std::lock_guard<std::mutex> lock(graveyard.mutex);
  graveyard.taps.emplace_back(tap);
  if (graveyard.taps.size() > kKeptTaps) graveyard.taps.pop_front();
}

void HandleTap::event_cb(RdKafka::Event& event) {
  if (event.type() == RdKafka::Event::EVENT_ERROR) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (listener_ != nullptr) {
      listener_->OnClientEvent({static_cast<rd_kafka_resp_err_t>(event.err()), event.str(), event.fatal()});
    }
  }
  if (original_event_cb_ != nullptr) original_event_cb_->event_cb(event);
}

void HandleTap::dr_cb(RdKafka::Message& message) {
  // Not under the mutex: this runs for each record, and Remove comes only after the last report.
  if (listener_ != nullptr && listener_->OnReport(message.c_ptr())) return;
  if (original_dr_cb_ != nullptr) original_dr_cb_->dr_cb(message);
}

}  // namespace millrace
