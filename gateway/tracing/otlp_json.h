// Spans as the JSON form of OTLP (ExportTraceServiceRequest).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tracing/span.h"

namespace vecgate::tracing {

// Who tells.
struct Resource {
  std::string service;  // service.name
  std::string version;  // service.version
  std::string instance;  // service.instance.id
};

std::string OtlpJson(const Resource& resource, std::span<const Span> spans);

}  // namespace vecgate::tracing
