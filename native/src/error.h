#pragma once

#include <nan.h>
#include <rdkafka.h>

#include <string>

namespace millrace {

/** `code` of an Error for calls on a client that is closed, closing or was never connected. */
inline constexpr char kClientClosed[] = "MR_CLIENT_CLOSED";
inline constexpr char kRecordsHeld[] = "MR_RECORDS_HELD";
inline constexpr char kAlreadyAttached[] = "MR_ALREADY_ATTACHED";
inline constexpr char kBatchReleased[] = "MR_BATCH_RELEASED";
inline constexpr char kAdminFailed[] = "MR_ADMIN";
inline constexpr char kCommitFailed[] = "MR_COMMIT";

/** An error of a whole request. code 0 = none. */
struct RequestError {
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
};

v8::Local<v8::String> JsString(const std::string& text);

/** librdkafka's name without prefix: `_TRANSPORT`, `MSG_SIZE_TOO_LARGE`. */
std::string ErrorName(rd_kafka_resp_err_t code);

v8::Local<v8::Value> MakeError(const char* code, const std::string& message);

/** With `rdkafkaCode` and `rdkafkaName`. */
v8::Local<v8::Value> MakeRequestError(const char* code, const RequestError& error);

v8::Local<v8::Value> MakeClosedError();

void ThrowClosed();

}  // namespace millrace
