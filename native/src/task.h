#pragma once

#include <memory>
#include <utility>

namespace millrace {

/** A function to be called once by another thread. Unlike std::function it may hold what can't be copied. */
class Task {
 public:
  Task() = default;

  template <typename F>
  explicit Task(F function) : body_(std::make_unique<Body<F>>(std::move(function))) {}

  void operator()() { body_->Call(); }

  /** Forgets the function without running its destructors, which may need a JavaScript engine that is gone. */
  void Leak() { body_.release(); }

 private:
  struct AnyBody {
    virtual ~AnyBody() = default;
    virtual void Call() = 0;
  };

  template <typename F>
  struct Body : AnyBody {
    explicit Body(F function) : function(std::move(function)) {}
    void Call() override { function(); }
    F function;
  };

  std::unique_ptr<AnyBody> body_;
};

}  // namespace millrace
