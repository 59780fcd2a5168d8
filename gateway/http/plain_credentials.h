// A warning when credentials come over a network in plain text: whoever is on the way can read and use them.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "http/connection_facts.h"
#include "http/request_head.h"

namespace vecgate::http {

// Of one listener that others can reach; safe to use from any thread.
class PlainCredentials {
 public:
  // `fields`: names of the header fields that carry credentials.
  explicit PlainCredentials(std::vector<std::string> fields) : fields_(std::move(fields)) {}

  // Logs a warning for the first request that has such a field; never what is in it.
  void LookAt(const RequestHead& head, const ConnectionFacts& connection);

 private:
  const std::vector<std::string> fields_;
  std::atomic<bool> told_{false};
};

}  // namespace vecgate::http
