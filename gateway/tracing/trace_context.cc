#include "tracing/trace_context.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "base/text.h"

namespace vecgate::tracing {
namespace {

constexpr size_t kTraceparentSize = 55;  // version-trace-span-flags: 2, 32, 16, 2 digits
constexpr uint8_t kSampledFlag = 0x01;
constexpr size_t kMaxStateBytes = 512;
constexpr size_t kMaxStateMembers = 32;
constexpr size_t kMaxRequestId = 128;

uint64_t Random() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return random();
}

template <size_t N>
std::array<uint8_t, N> RandomId() {
  std::array<uint8_t, N> id;
  do {
    for (size_t i = 0; i < N; i += sizeof(uint64_t)) {
      const uint64_t part = Random();
      std::memcpy(id.data() + i, &part, sizeof(part));
    }
  } while (id == std::array<uint8_t, N>{});
  return id;
}

// Lower case only, as the standard asks.
int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <size_t N>
bool ReadHex(std::string_view text, std::array<uint8_t, N>* out) {
  for (size_t i = 0; i < N; ++i) {
    const int high = Digit(text[2 * i]);
    const int low = Digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    (*out)[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return true;
}

// Later versions may have more behind what is known.
bool ReadTraceparent(std::string_view text, TraceContext* context) {
  if (text.size() < kTraceparentSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  std::array<uint8_t, 1> version, flags;
  SpanId parent;
  if (!ReadHex(text, &version) || version[0] == 0xff) return false;
  if (text.size() > kTraceparentSize && (version[0] == 0 || text[kTraceparentSize] != '-')) return false;
  if (!ReadHex(text.substr(3), &context->trace) || !ReadHex(text.substr(36), &parent)) return false;
  if (!ReadHex(text.substr(53), &flags)) return false;
  if (context->trace == TraceId{} || parent == SpanId{}) return false;
  context->parent = parent;
  context->sampled = (flags[0] & kSampledFlag) != 0;
  return true;
}

bool IsStateKey(std::string_view key) {
  return !key.empty() && key.size() <= 256 && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("_-*/@").find(c) != std::string_view::npos;
  });
}
bool IsStateValue(std::string_view value) {
  return !value.empty() && value.size() <= 256 &&
         std::ranges::all_of(value, [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

// Several fields are one list. Empty when it is broken or too long.
std::string ReadTracestate(base::Headers headers) {
  std::string state;
  size_t members = 0;
  for (const base::Header& header : headers) {
    if (!base::EqualsIgnoreCase(header.name, "tracestate")) continue;
    for (std::string_view member : base::Split(header.value, ',')) {
      member = base::Trim(member);
      if (member.empty()) continue;
      const size_t equals = member.find('=');
      if (equals == std::string_view::npos || !IsStateKey(member.substr(0, equals)) ||
          !IsStateValue(member.substr(equals + 1)) || ++members > kMaxStateMembers) {
        return {};
      }
      base::Append(&state, state.empty() ? "" : ",", member);
    }
  }
  return state.size() <= kMaxStateBytes ? state : std::string();
}

// The same answer for a trace wherever it is asked: by the trace's own random bits.
bool WithinRatio(const TraceId& trace, double ratio) {
  if (ratio <= 0) return false;
  if (ratio >= 1) return true;
  uint64_t bits = 0;
  for (size_t i = 8; i < trace.size(); ++i) bits = bits << 8 | trace[i];
  constexpr double kAll = 9223372036854775808.0;  // 2^63
  return static_cast<double>(bits >> 1) < ratio * kAll;
}

bool IsFitForLog(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId && std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7f; });
}

void Put(std::string_view name, std::string value, base::Metadata* metadata) {
  std::erase_if(*metadata, [name](const auto& field) { return field.first == name; });
  if (!value.empty()) metadata->emplace_back(name, std::move(value));
}

}  // namespace

SpanId NewSpanId() { return RandomId<8>(); }

std::string Hex(std::span<const uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

TraceContext BeginTrace(base::Headers headers, const Sampling& sampling) {
  TraceContext context;
  std::string_view given;
  size_t count = 0;
  for (const base::Header& header : headers) {
    if (!base::EqualsIgnoreCase(header.name, "traceparent")) continue;
    given = base::Trim(header.value);
    ++count;
  }
  context.span = NewSpanId();
  if (count == 1 && ReadTraceparent(given, &context)) {
    context.state = ReadTracestate(headers);
    if (sampling.parent_based) return context;
  } else {
    context.trace = RandomId<16>();
    context.parent.reset();
  }
  context.sampled = WithinRatio(context.trace, sampling.ratio);
  return context;
}

std::string RequestId(base::Headers headers, const TraceContext& trace) {
  for (const std::string_view name : {"x-request-id", "x-tracing-id"}) {
    for (const base::Header& header : headers) {
      if (base::EqualsIgnoreCase(header.name, name) && IsFitForLog(header.value)) return std::string(header.value);
    }
  }
  return Hex(trace.trace);
}

void Propagate(const TraceContext& trace, const SpanId& span, std::string_view request_id, base::Metadata* metadata) {
  Put("traceparent", base::Concat("00-", Hex(trace.trace), "-", Hex(span), trace.sampled ? "-01" : "-00"), metadata);
  Put("tracestate", trace.state, metadata);
  Put("x-request-id", std::string(request_id), metadata);
}

}  // namespace vecgate::tracing
