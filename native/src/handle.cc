#include "handle.h"

#include <cstring>
#include <typeinfo>

#include "arguments.h"
#include "completions.h"
#include "error.h"
#include "rdkafkacpp_int.h"
#include "src/connection.h"

namespace millrace {

namespace {

// node-rdkafka keeps these protected. An explicit instantiation may name them, and hands the pointer to a friend.
template <typename Tag, typename Tag::type Member>
struct Expose {
  friend typename Tag::type Pointer(Tag) { return Member; }
};

struct ClientTag {
  using type = RdKafka::Handle* NodeKafka::Connection::*;
  friend type Pointer(ClientTag);
};
struct LockTag {
  using type = uv_rwlock_t NodeKafka::Connection::*;
  friend type Pointer(LockTag);
};
struct ClosingTag {
  using type = bool NodeKafka::Connection::*;
  friend type Pointer(ClosingTag);
};
template struct Expose<ClientTag, &NodeKafka::Connection::m_client>;
template struct Expose<LockTag, &NodeKafka::Connection::m_connection_lock>;
template struct Expose<ClosingTag, &NodeKafka::Connection::m_is_closing>;

RdKafka::Handle* ClientOf(NodeKafka::Connection* connection) { return connection->*Pointer(ClientTag()); }
uv_rwlock_t* LockOf(NodeKafka::Connection* connection) { return &(connection->*Pointer(LockTag())); }
bool IsClosing(NodeKafka::Connection* connection) { return connection->*Pointer(ClosingTag()); }

struct NativeClass {
  const char* js_name;
  // Itanium ABI name. The typeinfo object itself is not exported by node-rdkafka's addon.
  const char* type_name;
  Handle::Kind kind;
};

constexpr NativeClass kNativeClasses[] = {
    {"Producer", "N9NodeKafka8ProducerE", Handle::Kind::kProducer},
    {"KafkaConsumer", "N9NodeKafka13KafkaConsumerE", Handle::Kind::kConsumer},
    {"AdminClient", "N9NodeKafka11AdminClientE", Handle::Kind::kAny},
};

/** Null if the value is anything but a native object of node-rdkafka of this kind. */
NodeKafka::Connection* ConnectionOf(v8::Local<v8::Value> value, Handle::Kind kind) {
  if (!value->IsObject()) return nullptr;
  v8::Local<v8::Object> object = value.As<v8::Object>();
  if (object->InternalFieldCount() != 1) return nullptr;
  // The name comes from the object's hidden class, not from properties that anybody may set.
  Nan::Utf8String js_name(object->GetConstructorName());
  for (const NativeClass& native : kNativeClasses) {
    if (std::strcmp(*js_name, native.js_name) != 0) continue;
    if (kind != Handle::Kind::kAny && kind != native.kind) continue;
    auto* wrap = static_cast<Nan::ObjectWrap*>(Nan::GetInternalFieldPointer(object, 0));
    if (wrap == nullptr || std::strcmp(typeid(*wrap).name(), native.type_name) != 0) return nullptr;
    return static_cast<NodeKafka::Connection*>(wrap);
  }
  return nullptr;
}

const char* Expectation(Handle::Kind kind) {
  switch (kind) {
    case Handle::Kind::kConsumer:
      return "the native handle of a node-rdkafka KafkaConsumer";
    case Handle::Kind::kProducer:
      return "the native handle of a node-rdkafka Producer";
    default:
      return "the native handle of a node-rdkafka client";
  }
}

}  // namespace

std::shared_ptr<Handle> Handle::Open(v8::Local<v8::Value> value, Kind kind) {
  NodeKafka::Connection* connection = ConnectionOf(value, kind);
  if (connection == nullptr) {
    RefuseArgument("handle", Expectation(kind));
    return nullptr;
  }
  auto handle = std::make_shared<Handle>(value.As<v8::Object>(), connection);
  if (handle->gone_) {
    ThrowClosed();
    return nullptr;
  }
  return handle;
}

Handle::Handle(v8::Local<v8::Object> object, NodeKafka::Connection* connection)
    : connection_(connection), object_(new Nan::Global<v8::Object>(object)) {
  gone_ = true;
  // On the main thread a lock that is taken means a connect or disconnect under way.
  if (uv_rwlock_tryrdlock(LockOf(connection_)) != 0) return;
  client_ = ClientOf(connection_);
  if (client_ != nullptr && !IsClosing(connection_)) {
    impl_ = dynamic_cast<RdKafka::HandleImpl*>(client_);
    if (impl_ != nullptr) {
      rk_ = impl_->c_ptr();
      name_ = rd_kafka_name(rk_);
      gone_ = false;
    }
  }
  uv_rwlock_rdunlock(LockOf(connection_));
}

Handle::~Handle() {
  Completions::Post(Task([object = object_] {
    object->Reset();
    delete object;
  }));
}

RdKafka::Handle* Handle::Take() {
  if (gone_ || uv_rwlock_trywrlock(LockOf(connection_)) != 0) return nullptr;
  RdKafka::Handle* taken = nullptr;
  if (IsSameClient()) {
    taken = client_;
    connection_->*Pointer(ClientTag()) = nullptr;
  }
  gone_ = true;
  uv_rwlock_wrunlock(LockOf(connection_));
  return taken;
}

bool Handle::IsSameClient() const {
  if (IsClosing(connection_) || ClientOf(connection_) != client_) return false;
  // A client made anew can have the address of the old one. Its name has a number that is never used again.
  return client_ != nullptr && name_ == rd_kafka_name(impl_->c_ptr());
}

Handle::Use::Use(Handle& handle) : handle_(handle), state_(State::kGone) {
  if (handle_.gone_) return;
  if (uv_rwlock_tryrdlock(LockOf(handle_.connection_)) != 0) {
    state_ = State::kBusy;
    return;
  }
  locked_ = true;
  if (handle_.IsSameClient()) {
    state_ = State::kReady;
  } else {
    handle_.gone_ = true;
  }
}

Handle::Use::~Use() {
  if (locked_) uv_rwlock_rdunlock(LockOf(handle_.connection_));
}

rd_kafka_t* Handle::Use::rk() const { return handle_.rk_; }

RdKafka::HandleImpl* Handle::Use::impl() const { return handle_.impl_; }

}  // namespace millrace
