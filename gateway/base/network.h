// A range of IP addresses, as people write it: 10.0.0.0/8, 192.0.2.7, 2001:db8::/32.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vecgate::base {

class Network {
 public:
  // A single address is a range of its own. Bits behind the prefix are ignored.
  static absl::StatusOr<Network> Parse(std::string_view text);

  // `address` as text; false when it is none. An IPv4 address counts in either of its forms (192.0.2.7,
  // ::ffff:192.0.2.7).
  bool Contains(std::string_view address) const;
  // As it was written.
  const std::string& text() const { return text_; }

 private:
  using Bytes = std::array<uint8_t, 16>;  // IPv4 as IPv6 maps it

  static bool ReadAddress(std::string_view text, Bytes* out, bool* is_v4);

  std::string text_;
  Bytes bytes_{};
  unsigned prefix_ = 0;  // bits of `bytes_` that count
};

}  // namespace vecgate::base
