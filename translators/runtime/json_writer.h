// Prints JSON. RapidJSON's Writer does the framing; text and numbers are formatted here.
//
//   text     UTF-8 as it is; escapes only \" \\ \b \f \n \r \t and \u00xx for other control characters
//   floats   shortest digits that read back as the same f32 or f64; ".0" when integral; plain digits while the
//            decimal exponent is in -6..12 (f32) or -5..15 (f64), else 1e-7, 1.5e+16; NaN and infinities: null
//
// That is what serde_json prints. Go's encoding/json prints the same JSON with other characters: < > & U+2028 U+2029
// escaped, too; floats without ".0", in plain digits while the decimal exponent is in -6..20.
#pragma once

#include <google/protobuf/repeated_field.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/output_buffer.h"

namespace vecgate::runtime {

// One bit each; a route's rules turn them on. See ShowSpec.
using Flags = uint32_t;

// Whose spelling of JSON an API has.
enum class JsonStyle : uint8_t { kSerde, kGo };

class JsonWriter {
 public:
  // Appends to `out`, which outlives the writer.
  explicit JsonWriter(OutputBuffer& out, JsonStyle style = JsonStyle::kSerde)
      : out_(out), writer_(out), style_(style) {}
  JsonWriter(const JsonWriter&) = delete;

  JsonStyle style() const { return style_; }

  void StartObject() { writer_.StartObject(); }
  void EndObject() { writer_.EndObject(); }
  void StartArray() { writer_.StartArray(); }
  void EndArray() { writer_.EndArray(); }
  // A key known to need no escaping.
  void Key(std::string_view key);
  // A key from data.
  void DataKey(std::string_view key) { String(key); }

  void Null() { writer_.Null(); }
  void Bool(bool value) { writer_.Bool(value); }
  void Int64(int64_t value) { writer_.Int64(value); }
  void Uint64(uint64_t value) { writer_.Uint64(value); }
  void Float(float value);
  void Double(double value);
  void String(std::string_view value);
  // A whole list of floats. The hot path of reads.
  void Floats(const google::protobuf::RepeatedField<float>& values);
  // The same of floats packed as little-endian bytes; what is left over at the end is not looked at.
  void PackedFloats(std::string_view bytes);
  // JSON text as it is.
  void Raw(std::string_view json);

  // --- what the request asked to be shown ---------------------------------------------------------------
  bool Shows(Flags flag) const { return (flags_ & flag) != 0; }
  Flags flags() const { return flags_; }
  void set_flags(Flags flags) { flags_ = flags; }
  // Per item of a batch: element i of the result is printed with item_flags[i].
  void set_item_flags(std::span<const Flags> item_flags) { item_flags_ = item_flags; }
  void EnterItem(size_t index) {
    if (index < item_flags_.size()) flags_ = item_flags_[index];
  }

 private:
  void PutStretch(std::span<const float> stretch, bool last);

  OutputBuffer& out_;
  rapidjson::Writer<OutputBuffer> writer_;
  const JsonStyle style_;
  Flags flags_ = 0;
  std::span<const Flags> item_flags_;
};

// Appends `text` as a JSON string, quotes included.
void AppendQuoted(std::string_view text, OutputBuffer& out, JsonStyle style = JsonStyle::kSerde);

// Shortest text of a float as described above; at most 32 bytes are written. Returns one past the last.
char* FormatFloat(float value, char* out, JsonStyle style = JsonStyle::kSerde);
char* FormatDouble(double value, char* out, JsonStyle style = JsonStyle::kSerde);
// Each value and a comma behind it; at most 33 bytes for each.
char* FormatFloats(std::span<const float> values, char* out, JsonStyle style = JsonStyle::kSerde);

}  // namespace vecgate::runtime
