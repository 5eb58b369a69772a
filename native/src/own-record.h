#pragma once

#include <nan.h>
#include <rdkafka.h>

#include <memory>
#include <string>

namespace millrace {

/** Bytes, or null. */
class OptionalBytes {
 public:
  void Set(const char* bytes, size_t size) {
    is_null_ = false;
    bytes_.assign(bytes == nullptr ? "" : bytes, size);
  }
  /** Null if there are none; never for empty ones. */
  const void* data() const { return is_null_ ? nullptr : bytes_.data(); }
  size_t size() const { return bytes_.size(); }

 private:
  bool is_null_ = true;
  std::string bytes_;
};

/**
 * A record that was made in JavaScript: `{ offset, timestamp, key, value, headers: [{ name, value }] }`.
 *
 * Invariant: it owns copies of all bytes, so that JavaScript may do with its own what it likes.
 */
class OwnRecord {
 public:
  /** Null after a TypeError was thrown. */
  static std::unique_ptr<OwnRecord> Read(v8::Local<v8::Value> value);

  ~OwnRecord();
  OwnRecord(const OwnRecord&) = delete;
  OwnRecord& operator=(const OwnRecord&) = delete;

  int64_t offset() const { return offset_; }
  int64_t timestamp() const { return timestamp_; }
  const OptionalBytes& key() const { return key_; }
  const OptionalBytes& value() const { return value_; }
  /** The caller's from now on; null if there are none. */
  rd_kafka_headers_t* DetachHeaders();

 private:
  OwnRecord() = default;
  bool ReadHeaders(v8::Local<v8::Value> value);

  int64_t offset_ = 0;
  int64_t timestamp_ = 0;
  OptionalBytes key_;
  OptionalBytes value_;
  rd_kafka_headers_t* headers_ = nullptr;
};

}  // namespace millrace
