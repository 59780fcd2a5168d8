// A piece of work as it is told to whoever collects traces. Names follow OpenTelemetry's conventions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tracing/trace_context.h"

namespace vecgate::tracing {

using AttributeValue = std::variant<std::string, int64_t>;

// Plain data. No attribute holds a body, a key or a header's value.
struct Span {
  enum class Kind : uint8_t { kServer = 2, kClient = 3 };  // the numbers of OTLP

  TraceId trace{};
  SpanId id{};
  std::optional<SpanId> parent;
  std::string state;
  Kind kind = Kind::kServer;
  std::string name;
  int64_t start = 0;  // nanoseconds since 1970
  int64_t end = 0;
  bool failed = false;
  std::vector<std::pair<std::string_view, AttributeValue>> attributes;  // names have static storage
};

}  // namespace vecgate::tracing
