// Why something was refused for being too much.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vecgate::limits {

enum class Reason : uint8_t {
  kConnections,
  kHeaderBytes,
  kBodyBytes,
  kInFlight,
  kInFlightBytes,
  kCallerInFlight,
  kCallerRequests,
  kCallerPoints,
  kCallerValues,
  kCollectionInFlight,
  kCollectionRequests,
  kCollectionPoints,
  kCollectionValues,
  kSlow,        // a head or a body that did not come on
  kReplyBytes,
};

inline constexpr std::array<std::string_view, 15> kReasonNames = {
    "connections",
    "header_bytes",
    "body_bytes",
    "in_flight",
    "in_flight_bytes",
    "caller_in_flight",
    "caller_requests",
    "caller_points",
    "caller_vector_values",
    "collection_in_flight",
    "collection_requests",
    "collection_points",
    "collection_vector_values",
    "slow",
    "reply_bytes"};
static_assert(kReasonNames.size() == static_cast<size_t>(Reason::kReplyBytes) + 1);

}  // namespace vecgate::limits
