#pragma once

#include <string>

namespace millrace {

/** The clients (by their unique name) that have a native thread of ours: one at most. Main thread. */
class Attachments {
 public:
  /** False after an Error was thrown: somebody is attached already. */
  static bool Add(const std::string& client);
  static void Remove(const std::string& client);
};

}  // namespace millrace
