// The keys of one element of `tracing.headers`.
#include "config/tracing.h"

#include "config/rows.h"

namespace vecgate::config {
namespace {

using Owner = TracingHeader;

const Setting kSettings[] = {
    VECGATE_TEXT("name", "name of a header field", name),
    VECGATE_SECRET("value", "its value; env:NAME and file:/path take it from elsewhere", value),
};

}  // namespace

std::span<const Setting> TracingHeaderSettings() { return kSettings; }

absl::Status CheckTracingHeader(const TracingHeader& header) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
  if (header.name.empty()) return absl::InvalidArgumentError("name: must be given");
  if (header.name.find_first_not_of(kNameCharacters) != std::string::npos) {
    return absl::InvalidArgumentError("name: must be the name of a header field");
  }
  // Anything else would begin another field.
  for (const char c : header.value.value()) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
      return absl::InvalidArgumentError("value: must be one line of text");
    }
  }
  return absl::OkStatus();
}

}  // namespace vecgate::config
