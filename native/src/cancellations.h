#pragma once

#include <atomic>
#include <memory>
#include <string>

namespace millrace {

/**
 * Requests whose answers somebody may stop waiting for, by the client that they are made with. Main thread; the flags
 * are read by any.
 */
class Cancellations {
 public:
  using Flag = std::shared_ptr<const std::atomic<bool>>;

  /** Of a request that begins now. `client` is the name of a Handle. True once it is cancelled. */
  static Flag Begin(const std::string& client);

  /** Of all requests of that client that have begun. */
  static void Cancel(const std::string& client);
};

}  // namespace millrace
