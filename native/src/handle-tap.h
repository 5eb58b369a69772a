#pragma once

#include <rdkafkacpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "handle.h"

namespace millrace {

/** An error of the whole client, with the code that node-rdkafka hides. */
struct ClientEvent {
  rd_kafka_resp_err_t code;
  std::string text;
  bool fatal;
};

/**
 * Stands between librdkafka's C++ layer and node-rdkafka's callbacks: sees error events and our own delivery reports,
 * and passes everything else on unchanged.
 *
 * Invariant: `event_cb_` (and `dr_cb_`, if reports are wanted) of the client point here from Install to Remove. The tap
 * itself outlives Remove, because one of librdkafka's threads may still be inside.
 */
class HandleTap : public RdKafka::EventCb, public RdKafka::DeliveryReportCb {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /** From any thread. */
    virtual void OnClientEvent(ClientEvent event) = 0;
    /** From a thread that polls the producer. False: not our message. */
    virtual bool OnReport(const rd_kafka_message_t* message) { return false; }
  };

  /** `listener` must live until Remove has returned. */
  static HandleTap* Install(Handle::Use& use, Listener* listener, bool with_reports);

  /** Without a ready `use` the client is gone, and with it the pointers to this. */
  static void Remove(HandleTap* tap, Handle::Use& use);

  void event_cb(RdKafka::Event& event) override;
  void dr_cb(RdKafka::Message& message) override;

 private:
  HandleTap() = default;

  std::mutex mutex_;
  Listener* listener_ = nullptr;
  RdKafka::EventCb* original_event_cb_ = nullptr;
  RdKafka::DeliveryReportCb* original_dr_cb_ = nullptr;
  bool with_reports_ = false;
};

}  // namespace millrace
