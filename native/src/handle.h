#pragma once

#include <nan.h>
#include <rdkafka.h>

#include <atomic>
#include <memory>
#include <string>

namespace RdKafka {
class Handle;
class HandleImpl;
}  // namespace RdKafka

namespace NodeKafka {
class Connection;
}

namespace millrace {

/**
 * One connected client of node-rdkafka, as it was when it was opened. Keeps the JavaScript object of the client alive.
 *
 * Invariant: an open Handle stands for one rd_kafka_t. When node-rdkafka disconnects the client, or connects it again
 * (a new rd_kafka_t), every later Use says `gone`.
 */
class Handle {
 public:
  enum class Kind { kConsumer, kProducer, kAny };

  /** Main thread. Null after an exception was thrown: no handle of node-rdkafka, or not connected. */
  static std::shared_ptr<Handle> Open(v8::Local<v8::Value> value, Kind kind);

  /** Use Open(). */
  Handle(v8::Local<v8::Object> object, NodeKafka::Connection* connection);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  /**
   * Holds node-rdkafka's connection lock for reading, so that the client can't be destroyed meanwhile. Never waits for
   * the lock: its writer may be a disconnect that itself waits for our messages. Keep it for 100 ms at most, because
   * setOauthBearerToken waits for it on the main thread.
   */
  class Use {
   public:
    explicit Use(Handle& handle);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    /** The client may be used. */
    bool ready() const { return state_ == State::kReady; }
    /** The client is disconnected or closing: it will never be ready again. Otherwise, if not ready: try again. */
    bool gone() const { return state_ == State::kGone; }

    rd_kafka_t* rk() const;
    RdKafka::HandleImpl* impl() const;

   private:
    enum class State { kReady, kBusy, kGone };

    Handle& handle_;
    State state_;
    bool locked_ = false;
  };

  /**
   * Main thread. Takes the client away from node-rdkafka, for which it is disconnected from now on; the caller destroys
   * it. Null when somebody uses it just now, or when it is gone.
   */
  RdKafka::Handle* Take();

  /** Identifies the rd_kafka_t, also after its address was used again. */
  const std::string& name() const { return name_; }

 private:
  bool IsSameClient() const;

  NodeKafka::Connection* const connection_;
  RdKafka::Handle* client_ = nullptr;
  RdKafka::HandleImpl* impl_ = nullptr;
  rd_kafka_t* rk_ = nullptr;
  std::string name_;
  std::atomic<bool> gone_{false};
  // Deleted on the main thread, wherever the last owner lets go.
  Nan::Global<v8::Object>* object_;
};

}  // namespace millrace
