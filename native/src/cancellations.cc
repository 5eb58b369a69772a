#include "cancellations.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace millrace {

namespace {

using Requests = std::vector<std::weak_ptr<std::atomic<bool>>>;

/** Never destroyed. */
std::unordered_map<std::string, Requests>& Running() {
  static auto* instance = new std::unordered_map<std::string, Requests>();
  return *instance;
}

}  // namespace

Cancellations::Flag Cancellations::Begin(const std::string& client) {
  Requests& requests = Running()[client];
  const auto ended = std::remove_if(requests.begin(), requests.end(), [](const auto& each) { return each.expired(); });
  requests.erase(ended, requests.end());
  auto flag = std::make_shared<std::atomic<bool>>(false);
  requests.push_back(flag);
  return flag;
}

void Cancellations::Cancel(const std::string& client) {
  const auto found = Running().find(client);
  if (found == Running().end()) return;
  for (const auto& each : found->second) {
    if (const auto flag = each.lock()) *flag = true;
  }
  Running().erase(found);
}

}  // namespace millrace
