// Values as people write them: addresses, sizes, durations.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace vecgate::config {

absl::StatusOr<bool> ParseBool(std::string_view text);             // true, false
absl::StatusOr<uint64_t> ParseNumber(std::string_view text, uint64_t at_least, uint64_t at_most);
absl::StatusOr<double> ParseRatio(std::string_view text);           // 0 to 1
absl::StatusOr<uint64_t> ParseBytes(std::string_view text);        // 4096, 64KiB, 32MiB, 1GiB
absl::StatusOr<uint64_t> ParseBytesOrZero(std::string_view text);
absl::StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view text);  // 250ms, 10s, 5m, 1h, 0
absl::StatusOr<std::chrono::milliseconds> ParsePositiveDuration(std::string_view text);
absl::StatusOr<std::string> ParseChoice(std::string_view text, std::string_view words);  // one of words with commas
std::vector<std::string> ParseWords(std::string_view text);  // words separated by commas; none when empty
// Addresses and ranges of them, separated by commas; none when empty.
absl::StatusOr<std::vector<base::Network>> ParseNetworks(std::string_view text);
absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text);     // 127.0.0.1:6333, [::1]:6333, localhost:0
// The same, or unix:/run/vecgate.sock.
absl::StatusOr<Endpoint> ParseListenAddress(std::string_view text);
absl::StatusOr<unsigned> ParseMode(std::string_view text);  // 660, 0660
// http://127.0.0.1:6333, https://db.example.org:6333
absl::StatusOr<Rest> ParseRest(std::string_view text);
absl::StatusOr<std::vector<std::string>> ParseAddresses(std::string_view text);  // host:port, separated by commas

std::string FormatNetworks(const std::vector<base::Network>& networks);
std::string FormatMode(unsigned mode);  // 660
std::string FormatRest(const Rest& rest);
std::string FormatRatio(double ratio);
std::string FormatBytes(uint64_t bytes);
std::string FormatDuration(std::chrono::milliseconds duration);

}  // namespace vecgate::config
