#include "base/network.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/text.h"

namespace vecgate::base {
namespace {

constexpr unsigned kV4Bits = 32;
constexpr unsigned kAllBits = 128;

}  // namespace

bool Network::ReadAddress(std::string_view text, Bytes* out, bool* is_v4) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error) return false;
  *is_v4 = address.is_v4();
  *out = *is_v4 ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, address.to_v4()).to_bytes()
                : address.to_v6().to_bytes();
  return true;
}

absl::StatusOr<Network> Network::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  Network network;
  network.text_ = text;
  bool is_v4 = false;
  if (!ReadAddress(text.substr(0, slash), &network.bytes_, &is_v4)) {
    return absl::InvalidArgumentError(Concat("must be an address or a range like 10.0.0.0/8, not ", text));
  }
  const unsigned bits = is_v4 ? kV4Bits : kAllBits;
  uint64_t prefix = bits;
  if (slash != std::string_view::npos && (!ParseDigits(text.substr(slash + 1), &prefix) || prefix > bits)) {
    return absl::InvalidArgumentError(Concat("prefix must be a number from 0 to ", bits, ": ", text));
  }
  network.prefix_ = kAllBits - bits + static_cast<unsigned>(prefix);
  return network;
}

bool Network::Contains(std::string_view address) const {
  Bytes bytes;
  bool is_v4 = false;
  if (!ReadAddress(address, &bytes, &is_v4)) return false;
  const size_t whole = prefix_ / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + whole, bytes_.begin())) return false;
  const unsigned rest = prefix_ % 8;
  return rest == 0 || (bytes[whole] ^ bytes_[whole]) >> (8 - rest) == 0;
}

}  // namespace vecgate::base
