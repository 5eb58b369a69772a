#pragma once

#include <nan.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace millrace {

/** A plain value that a native thread builds and the main thread turns into JavaScript. */
class Answer {
 public:
  using List = std::vector<Answer>;
  using Fields = std::vector<std::pair<const char*, Answer>>;

  Answer() : value_(nullptr) {}
  Answer(bool value) : value_(value) {}
  Answer(double value) : value_(value) {}
  Answer(int value) : value_(static_cast<double>(value)) {}
  Answer(int64_t value) : value_(static_cast<double>(value)) {}
  Answer(std::string value) : value_(std::move(value)) {}
  /** Null becomes null. */
  Answer(const char* value) {
    if (value == nullptr) {
      value_ = nullptr;
    } else {
      value_ = std::string(value);
    }
  }
  Answer(List value) : value_(std::move(value)) {}
  Answer(Fields value) : value_(std::move(value)) {}

  v8::Local<v8::Value> ToJs() const;

 private:
  std::variant<std::nullptr_t, bool, double, std::string, List, Fields> value_;
};

}  // namespace millrace
