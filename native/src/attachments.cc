#include "attachments.h"

#include <unordered_set>

#include "error.h"

namespace millrace {

namespace {

std::unordered_set<std::string>& attached() {
  static auto* instance = new std::unordered_set<std::string>();
  return *instance;
}

}  // namespace

bool Attachments::Add(const std::string& client) {
  if (attached().insert(client).second) return true;
  Nan::ThrowError(MakeError(kAlreadyAttached, "The client " + client + " is attached already; close that first."));
  return false;
}

void Attachments::Remove(const std::string& client) { attached().erase(client); }

}  // namespace millrace
