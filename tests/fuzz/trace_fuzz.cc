// What clients say of their traces and requests: whatever it is, what goes on to the upstream is by the rules, and says
// the same to whoever reads it there.
//
// Input: fields, as "name:value" lines.
#include <algorithm>
#include <string>
#include <vector>

#include "support/input.h"
#include "tracing/trace_context.h"

namespace vecgate::fuzz {
namespace {

bool IsMetadata(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

void Try(const std::vector<base::Header>& headers) {
  const tracing::TraceContext context = tracing::BeginTrace(headers, {});
  Require(context.trace != tracing::TraceId{} && context.span != tracing::SpanId{}, "ids are not zero");
  Require(context.parent.has_value() || (context.state.empty() && !context.sampled), "a new trace owes nothing");

  base::Metadata metadata = {{"traceparent", "theirs"}};
  tracing::Propagate(context, context.span, tracing::RequestId(headers, context), &metadata);
  std::vector<base::Header> told;
  for (const auto& [name, value] : metadata) {
    Require(IsMetadata(value), "what is told is legal metadata");
    told.push_back({name, value});
  }
  const tracing::TraceContext there = tracing::BeginTrace(told, {});
  Require(there.trace == context.trace && there.parent == context.span, "the upstream reads the same trace");
  Require(there.sampled == context.sampled && there.state == context.state, "and the same decision and state");
  Require(tracing::RequestId(told, there) == tracing::RequestId(headers, context), "and the same request");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<vecgate::base::Header> headers;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const size_t colon = std::min(line.find(':'), line.size());
    headers.push_back({line.substr(0, colon), line.substr(std::min(colon + 1, line.size()))});
  }
  vecgate::fuzz::Try(headers);
  return 0;
}
