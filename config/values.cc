#include "config/values.h"

#include <charconv>
#include <absl/status/status.h>

#include <array>
#include <limits>

#include "base/status.h"

#include <charconv>

#include "base/text.h"

namespace vecgate::config {
namespace {

constexpr std::string_view kUnix = "unix:";

struct Unit {
  std::string_view name;
  uint64_t factor;
};
constexpr std::array<Unit, 4> kByteUnits = {{{"", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}}};
constexpr std::array<Unit, 4> kTimeUnits = {{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};

// Digits followed by one of the units.
template <size_t N>
bool ParseWithUnit(std::string_view text, const std::array<Unit, N>& units, uint64_t* out) {
  const size_t digits = text.find_first_not_of("0123456789");
  const std::string_view unit_name = digits == std::string_view::npos ? "" : text.substr(digits);
  uint64_t number = 0;
  if (!base::ParseDigits(text.substr(0, digits), &number)) return false;
  for (const Unit& unit : units) {
    if (unit.name != unit_name) continue;
    if (number > std::numeric_limits<int64_t>::max() / unit.factor) return false;
    *out = number * unit.factor;
    return true;
  }
  return false;
}

template <size_t N>
std::string FormatWithUnit(uint64_t value, const std::array<Unit, N>& units) {
  const Unit* best = &units[0];
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) best = &unit;
  }
  return base::Concat(value / best->factor, best->name);
}

}  // namespace

std::string Endpoint::ToString() const {
  if (empty()) return "";
  if (!unix_path.empty()) return base::Concat(kUnix, unix_path);
  const bool brackets = host.find(':') != std::string::npos;
  return base::Concat(brackets ? "[" : "", host, brackets ? "]:" : ":", port);
}

absl::StatusOr<bool> ParseBool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return absl::InvalidArgumentError("must be true or false");
}

absl::StatusOr<uint64_t> ParseNumber(std::string_view text, uint64_t at_least, uint64_t at_most) {
  uint64_t number = 0;
  if (!base::ParseDigits(text, &number) || number < at_least || number > at_most) {
    return absl::InvalidArgumentError(base::Concat("must be a whole number from ", at_least, " to ", at_most));
  }
  return number;
}

absl::StatusOr<uint64_t> ParseBytes(std::string_view text) {
  uint64_t bytes = 0;
  if (!ParseWithUnit(text, kByteUnits, &bytes) || bytes == 0) {
    return absl::InvalidArgumentError("must be a size such as 4096, 64KiB or 32MiB, not 0");
  }
  return bytes;
}

absl::StatusOr<double> ParseRatio(std::string_view text) {
  double ratio = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ratio);
  if (error != std::errc() || end != text.data() + text.size() || !(ratio >= 0 && ratio <= 1)) {
    return absl::InvalidArgumentError("must be a number from 0 to 1");
  }
  return ratio;
}

absl::StatusOr<uint64_t> ParseBytesOrZero(std::string_view text) {
  if (text == "0") return uint64_t{0};
  return ParseBytes(text);
}

absl::StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  uint64_t milliseconds = 0;
  if (text != "0" && !ParseWithUnit(text, kTimeUnits, &milliseconds)) {
    return absl::InvalidArgumentError("must be a time such as 250ms, 10s or 5m");
  }
  if (milliseconds > uint64_t{30} * 24 * 3'600'000) return absl::InvalidArgumentError("must be at most 720h");
  return std::chrono::milliseconds(milliseconds);
}

absl::StatusOr<std::chrono::milliseconds> ParsePositiveDuration(std::string_view text) {
  absl::StatusOr<std::chrono::milliseconds> duration = ParseDuration(text);
  if (duration.ok() && duration->count() == 0) return absl::InvalidArgumentError("must not be 0");
  return duration;
}

absl::StatusOr<std::string> ParseChoice(std::string_view text, std::string_view words) {
  const std::vector<std::string_view> choices = base::Split(words, ',');
  std::string expected;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (choices[i] == text) return std::string(text);
    base::Append(&expected, i == 0 ? "" : i + 1 < choices.size() ? ", " : " or ", choices[i]);
  }
  return absl::InvalidArgumentError(base::Concat("must be ", expected));
}

std::vector<std::string> ParseWords(std::string_view text) {
  std::vector<std::string> words;
  if (text.empty()) return words;
  for (const std::string_view word : base::Split(text, ',')) words.emplace_back(base::Trim(word));
  return words;
}

absl::StatusOr<std::vector<base::Network>> ParseNetworks(std::string_view text) {
  std::vector<base::Network> networks;
  for (const std::string& word : ParseWords(text)) {
    absl::StatusOr<base::Network> network = base::Network::Parse(word);
    if (!network.ok()) return network.status();
    networks.push_back(*std::move(network));
  }
  return networks;
}

absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  const absl::Status bad = absl::InvalidArgumentError("must be host:port, as 127.0.0.1:6333 or [::1]:6333");
  if (colon == std::string_view::npos || colon == 0) return bad;
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return bad;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad;
  }
  if (host.find_first_of(" \t/[]") != std::string_view::npos) return bad;
  const absl::StatusOr<uint64_t> port = ParseNumber(text.substr(colon + 1), 0, 65535);
  if (!port.ok()) return absl::InvalidArgumentError(base::Concat("port ", base::MessageOf(port.status())));
  return Endpoint{std::string(host), static_cast<uint16_t>(*port)};
}

absl::StatusOr<Rest> ParseRest(std::string_view text) {
  Rest rest;
  rest.tls = text.starts_with("https://");
  if (!rest.tls && !text.starts_with("http://"))
    return absl::InvalidArgumentError("must be http://host:port or https://host:port");
  text.remove_prefix(rest.tls ? 8 : 7);
  if (text.ends_with('/')) text.remove_suffix(1);
  absl::StatusOr<Endpoint> endpoint = ParseEndpoint(text);
  if (!endpoint.ok()) return endpoint.status();
  if (endpoint->port == 0) return absl::InvalidArgumentError("port must not be 0");
  rest.endpoint = *std::move(endpoint);
  return rest;
}

absl::StatusOr<std::vector<std::string>> ParseAddresses(std::string_view text) {
  std::vector<std::string> addresses;
  for (const std::string_view part : base::Split(text, ',')) {
    const absl::StatusOr<Endpoint> endpoint = ParseEndpoint(base::Trim(part));
    if (!endpoint.ok()) return endpoint.status();
    if (endpoint->port == 0) return absl::InvalidArgumentError("port must not be 0");
    addresses.push_back(endpoint->ToString());
  }
  return addresses;
}

absl::StatusOr<Endpoint> ParseListenAddress(std::string_view text) {
  if (!text.starts_with(kUnix)) return ParseEndpoint(text);
  Endpoint endpoint;
  endpoint.unix_path = std::string(text.substr(kUnix.size()));
  if (!endpoint.unix_path.starts_with('/')) return absl::InvalidArgumentError("must be unix: and an absolute path");
  // What the system's structure for such addresses holds.
  if (endpoint.unix_path.size() > 107) return absl::InvalidArgumentError("must be a path of at most 107 bytes");
  return endpoint;
}

absl::StatusOr<unsigned> ParseMode(std::string_view text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size() || mode > 0777) {
    return absl::InvalidArgumentError("must be permissions as 660");
  }
  return mode;
}

std::string FormatNetworks(const std::vector<base::Network>& networks) {
  std::vector<std::string> texts;
  for (const base::Network& network : networks) texts.push_back(network.text());
  return base::Join(texts, ",");
}

std::string FormatMode(unsigned mode) {
  char digits[12];
  return {digits, std::to_chars(digits, digits + sizeof(digits), mode, 8).ptr};
}

std::string FormatRest(const Rest& rest) {
  if (rest.endpoint.empty()) return "";
  return base::Concat(rest.tls ? "https://" : "http://", rest.endpoint.ToString());
}

std::string FormatRatio(double ratio) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), ratio).ptr};
}

std::string FormatBytes(uint64_t bytes) { return FormatWithUnit(bytes, kByteUnits); }

std::string FormatDuration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0";
  return FormatWithUnit(static_cast<uint64_t>(duration.count()), kTimeUnits);
}

}  // namespace vecgate::config
