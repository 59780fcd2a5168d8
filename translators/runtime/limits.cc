#include <cmath>

#include "runtime/concat.h"
#include "runtime/float_format.h"
#include "runtime/json_writer.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {
namespace {

constexpr size_t kNoLength = std::string_view::npos;

// What the placeholders of a text stand for.
struct Figures {
  std::string value;
  std::string min;
  std::string max;
  std::string forbidden = {};
};

std::string Fill(std::string_view text, const Figures& figures) {
  std::string filled;
  for (size_t at = 0; at < text.size();) {
    const size_t open = text.find('{', at);
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos) return filled.append(text.substr(at));
    filled.append(text.substr(at, open - at));
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name == "value") {
      filled += figures.value;
    } else if (name == "min") {
      filled += figures.min;
    } else if (name == "max") {
      filled += figures.max;
    } else if (name == "char") {
      filled += figures.forbidden;
    } else {
      filled.append(text.substr(open, close - open + 1));
    }
    at = close + 1;
  }
  return filled;
}

std::string NumberText(double value, bool integral) {
  if (std::isnan(value)) return {};
  if (!integral) return JsonText(value);
  constexpr double kBeyondUnsigned = 18446744073709551616.0;
  // The largest u64, which a double cannot hold.
  if (value >= kBeyondUnsigned) return "18446744073709551615";
  return value < 0 ? std::to_string(static_cast<int64_t>(value)) : std::to_string(static_cast<uint64_t>(value));
}

std::string QuotedText(std::string_view text) {
  OutputBuffer quoted(text.size() + 2);
  AppendQuoted(text, quoted);
  return std::string(quoted.view());
}

std::string LengthText(size_t length) { return length == kNoLength ? std::string() : std::to_string(length); }

// Characters, not bytes: every byte that does not continue a UTF-8 sequence.
size_t CountCharacters(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string_view BoundText(const LocalTexts& texts, const LimitSpec& limits) {
  if (std::isnan(limits.at_most)) return texts.limit_min;
  return std::isnan(limits.at_least) ? texts.limit_max : texts.limit_both;
}

std::string_view LengthBoundText(const LocalTexts& texts, const LimitSpec& limits) {
  if (limits.max_length == kNoLength) return texts.length_min;
  if (limits.min_length == kNoLength || limits.min_length == 0) return texts.length_max;
  return limits.min_length == limits.max_length ? texts.length_exact : texts.length_both;
}

}  // namespace

// Texts are made for the exact source only; see JsonReader.

void CheckLimits(JsonReader& reader, double value, bool integral, const LimitSpec& limits) {
  // Comparisons with NaN, no bound, are false.
  if (!(value < limits.at_least) && !(value > limits.at_most)) return;
  if (!reader.exact()) return reader.Violate({}, {});
  const std::string_view text = limits.text.empty() ? BoundText(reader.texts(), limits) : limits.text;
  reader.Violate({}, Fill(text, {NumberText(value, integral), NumberText(limits.at_least, integral),
                                 NumberText(limits.at_most, integral)}));
}

void CheckLimits(JsonReader& reader, std::string_view value, const LimitSpec& limits) {
  // The first of the forbidden ones, not the first one in the text.
  for (const char& forbidden : limits.forbidden_chars) {
    if (value.find(forbidden) == std::string_view::npos) continue;
    return reader.Violate({}, Fill(limits.forbidden_chars_text, {{}, {}, {}, std::string(1, forbidden)}));
  }
  const size_t length = CountCharacters(value);
  const bool too_short = limits.min_length != kNoLength && length < limits.min_length;
  const bool too_long = limits.max_length != kNoLength && length > limits.max_length;
  if (!too_short && !too_long) return;
  if (!reader.exact()) return reader.Violate({}, {});
  const std::string_view text = limits.text.empty() ? LengthBoundText(reader.texts(), limits) : limits.text;
  reader.Violate({}, Fill(text, {QuotedText(value), LengthText(limits.min_length), LengthText(limits.max_length)}));
}

}  // namespace vecgate::runtime
