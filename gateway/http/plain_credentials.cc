#include "http/plain_credentials.h"

#include <algorithm>

#include "base/log.h"

namespace vecgate::http {

void PlainCredentials::LookAt(const RequestHead& head, const ConnectionFacts& connection) {
  if (told_.load(std::memory_order_relaxed)) return;
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&head](const std::string& field) { return head.Has(field); });
  if (found == fields_.end() || told_.exchange(true, std::memory_order_relaxed)) return;
  base::LogLine(base::LogLevel::kWarning, "credentials_in_plain_text")
      .Add("listener", connection.listener)
      .Add("field", *found)
      .Add("peer", connection.peer_address);
}

}  // namespace vecgate::http
