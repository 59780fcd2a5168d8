// Which trace a request belongs to: W3C Trace Context, taken from the client or made here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/header.h"

namespace vecgate::tracing {

using TraceId = std::array<uint8_t, 16>;
using SpanId = std::array<uint8_t, 8>;

// Which traces are kept.
struct Sampling {
  double ratio = 0;          // of traces that begin here, 0 to 1
  bool parent_based = true;  // whoever began a trace has decided; else its share counts, too
};

struct TraceContext {
  TraceId trace{};
  SpanId span{};                 // the gateway's own work
  std::optional<SpanId> parent;  // the client's span; none: the trace begins here
  bool sampled = false;
  std::string state;  // the client's tracestate, passed on as it came; empty: none
};

// From the client's headers. A traceparent that breaks the rules is taken for none, and a tracestate with it.
TraceContext BeginTrace(base::Headers headers, const Sampling& sampling);

// Random, and never all zero.
SpanId NewSpanId();
// Lower-case hexadecimal digits.
std::string Hex(std::span<const uint8_t> bytes);

// The client's x-request-id (or x-tracing-id), when it is fit for a log line; else the trace's id.
std::string RequestId(base::Headers headers, const TraceContext& trace);

// Puts traceparent (with `span` as the parent of what comes), tracestate and x-request-id in place of what `metadata`
// may have of them.
void Propagate(const TraceContext& trace, const SpanId& span, std::string_view request_id, base::Metadata* metadata);

}  // namespace vecgate::tracing
