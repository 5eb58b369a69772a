#include "cancellations.h"

#include <algorithm>
#include <vector>

namespace millrace {

namespace {

struct Request {
  std::string client;
  std::weak_ptr<std::atomic<bool>> cancelled;
};

/** Those that have ended are forgotten when the next begins. Never destroyed. */
std::vector<Request>& Running() {
  static auto* instance = new std::vector<Request>();
  return *instance;
}

}  // namespace

Cancellations::Flag Cancellations::Begin(const std::string& client) {
  std::vector<Request>& running = Running();
  const auto has_ended = [](const Request& each) { return each.cancelled.expired(); };
  running.erase(std::remove_if(running.begin(), running.end(), has_ended), running.end());
  auto cancelled = std::make_shared<std::atomic<bool>>(false);
  running.push_back({client, cancelled});
  return cancelled;
}

void Cancellations::Cancel(const std::string& client) {
  for (const Request& each : Running()) {
    const auto cancelled = each.cancelled.lock();
    if (cancelled && each.client == client) *cancelled = true;
  }
}

}  // namespace millrace
