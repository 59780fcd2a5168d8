#include "tracing/otlp_json.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/text.h"

namespace vecgate::tracing {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int kStatusError = 2;

void PutText(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
void PutKey(Writer& writer, std::string_view key) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}
void PutMember(Writer& writer, std::string_view key, std::string_view text) {
  PutKey(writer, key);
  PutText(writer, text);
}
// 64-bit integers are texts in protobuf's JSON.
void PutMember(Writer& writer, std::string_view key, int64_t number) { PutMember(writer, key, base::Concat(number)); }

// Names in paths may be any bytes. What is not UTF-8 loses all that is not ASCII: it would spoil the whole batch.
std::string Printable(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                    rapidjson::kWriteValidateEncodingFlag>
      judge(buffer);
  std::string copy(text);
  if (judge.String(text.data(), static_cast<rapidjson::SizeType>(text.size()))) return copy;
  for (char& c : copy) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return copy;
}

void PutAttribute(Writer& writer, std::string_view key, const AttributeValue& value) {
  writer.StartObject();
  PutMember(writer, "key", key);
  PutKey(writer, "value");
  writer.StartObject();
  if (const auto* text = std::get_if<std::string>(&value)) {
    PutMember(writer, "stringValue", Printable(*text));
  } else {
    PutMember(writer, "intValue", std::get<int64_t>(value));
  }
  writer.EndObject();
  writer.EndObject();
}

void PutSpan(Writer& writer, const Span& span) {
  writer.StartObject();
  PutMember(writer, "traceId", Hex(span.trace));
  PutMember(writer, "spanId", Hex(span.id));
  if (!span.state.empty()) PutMember(writer, "traceState", span.state);
  if (span.parent.has_value()) PutMember(writer, "parentSpanId", Hex(*span.parent));
  PutMember(writer, "name", span.name);
  PutKey(writer, "kind");
  writer.Int(static_cast<int>(span.kind));
  PutMember(writer, "startTimeUnixNano", span.start);
  PutMember(writer, "endTimeUnixNano", span.end);
  PutKey(writer, "attributes");
  writer.StartArray();
  for (const auto& [key, value] : span.attributes) PutAttribute(writer, key, value);
  writer.EndArray();
  PutKey(writer, "status");
  writer.StartObject();
  if (span.failed) {
    PutKey(writer, "code");
    writer.Int(kStatusError);
  }
  writer.EndObject();
  writer.EndObject();
}

}  // namespace

std::string OtlpJson(const Resource& resource, std::span<const Span> spans) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  PutKey(writer, "resourceSpans");
  writer.StartArray();
  writer.StartObject();
  PutKey(writer, "resource");
  writer.StartObject();
  PutKey(writer, "attributes");
  writer.StartArray();
  PutAttribute(writer, "service.name", resource.service);
  PutAttribute(writer, "service.version", resource.version);
  PutAttribute(writer, "service.instance.id", resource.instance);
  writer.EndArray();
  writer.EndObject();
  PutKey(writer, "scopeSpans");
  writer.StartArray();
  writer.StartObject();
  PutKey(writer, "scope");
  writer.StartObject();
  PutMember(writer, "name", "vecgate");
  PutMember(writer, "version", resource.version);
  writer.EndObject();
  PutKey(writer, "spans");
  writer.StartArray();
  for (const Span& span : spans) PutSpan(writer, span);
  writer.EndArray();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace vecgate::tracing
