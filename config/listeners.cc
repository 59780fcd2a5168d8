// The keys of one element of `listeners`.
#include "config/listeners.h"

#include "config/rows.h"

namespace vecgate::config {
namespace {

using Owner = Listener;

const Setting kSettings[] = {
    VECGATE_TEXT("name", "name in logs, metrics and socket activation", name),
    VECGATE_ROW("address", "", "HOST:PORT where REST clients connect", ParseEndpoint(t), c.address.ToString(), address)
        .As(Kind::kAddress),
};

}  // namespace

std::span<const Setting> ListenerSettings() { return kSettings; }

absl::Status CheckListener(const Listener& listener) {
  if (listener.name.empty()) return absl::InvalidArgumentError("name: must be given");
  if (listener.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") !=
      std::string::npos) {
    return absl::InvalidArgumentError("name: must consist of letters, digits, '_', '-' and '.'");
  }
  if (listener.name == "admin") return absl::InvalidArgumentError("name: admin is the name of another");
  if (listener.address.empty()) return absl::InvalidArgumentError("address: must be given");
  return absl::OkStatus();
}

}  // namespace vecgate::config
