#include "runtime/params.h"

#include <algorithm>
#include <charconv>

#include "runtime/body.h"
#include "runtime/json_value.h"
#include "runtime/json_writer.h"
#include "runtime/scalars.h"
#include "runtime/utf8.h"

namespace vecgate::runtime {
namespace pb = google::protobuf;

namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return Utf8Text(decoded);
}

// Why the text is no unsigned number; empty when it is one. The texts are those of Rust's integer parser.
std::string ReadUnsigned(const ParamSpec& spec, std::string_view text, uint64_t* number) {
  std::string_view digits = text;
  if (digits.empty()) return "cannot parse integer from empty string";
  if (digits.front() == '+') digits.remove_prefix(1);
  if (!spec.negative.empty() && digits.size() > 1 && digits.front() == '-' &&
      digits.find_first_not_of("0123456789", 1) == std::string_view::npos)
    return std::string(spec.negative);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return "invalid digit found in string";
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  if (error != std::errc()) return "number too large to fit in target type";
  if (spec.nonzero && *number == 0) return "invalid value: integer `0`, expected a nonzero u64";
  return {};
}

std::string UnknownWord(std::string_view text, std::span<const std::string_view> words) {
  std::string message = "unknown variant `" + std::string(text) + "`, expected ";
  if (words.size() > 2) message += "one of ";
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) message += words.size() == 2 ? " or " : ", ";
    message += "`" + std::string(words[i]) + "`";
  }
  return message;
}

// The text as JSON: digits as a number where the shape may want one, anything else as a string.
std::string AsJson(const ParamSpec& spec, std::string_view text) {
  if (spec.type == ParamSpec::Type::kShape && !text.empty() &&
      text.find_first_not_of("0123456789") == std::string_view::npos && (text.front() != '0' || text.size() == 1))
    return std::string(text);
  OutputBuffer buffer;
  JsonWriter writer(buffer);
  writer.String(text);
  return std::string(buffer.view());
}

// Why the text does not read as the parameter's message (or text); empty when it does.
std::string ReadShaped(const ApiSpec& api, const CompiledParam& param, std::string_view text, pb::Arena* arena,
                       ParamValue* value, bool* invalid) {
  const ParamSpec& spec = *param.spec;
  pb::Message* message = nullptr;
  if (!param.field.empty() && param.field.last()->message_type() != nullptr)
    message = pb::MessageFactory::generated_factory()->GetPrototype(param.field.last()->message_type())->New(arena);
  std::string json = AsJson(spec, text);
  JsonDocument document(api.max_depth);
  SyntaxError error;
  if (!document.ParseExact(json, &error)) return error.text;
  JsonReader reader(true, api.texts);
  if (!spec.read(reader, document.root(), message)) return reader.error_text().empty() ? "invalid value" : reader.error_text();
  if (reader.invalid()) {
    *invalid = true;
    return reader.violations().front().message;
  }
  value->message = message;
  return {};
}

struct Reading {
  std::string problem;  // empty: fine
  bool invalid = false; // a bound was broken, else it could not be read
};

Reading ReadOne(const ApiSpec& api, const CompiledParam& param, std::string_view text, pb::Arena* arena, ParamValue* value) {
  const ParamSpec& spec = *param.spec;
  value->param = &param;
  value->text = std::string(text);
  Reading reading;
  switch (spec.type) {
    case ParamSpec::Type::kText: break;
    case ParamSpec::Type::kBool:
      if (text == "true") value->number = 1;
      else if (text != "false") reading.problem = "provided string was not `true` or `false`";
      break;
    case ParamSpec::Type::kUnsigned: reading.problem = ReadUnsigned(spec, text, &value->number); break;
    case ParamSpec::Type::kEnum: {
      auto word = std::find(spec.words.begin(), spec.words.end(), text);
      if (word == spec.words.end()) reading.problem = UnknownWord(text, spec.words);
      else value->number = static_cast<uint64_t>(spec.numbers[static_cast<size_t>(word - spec.words.begin())]);
      break;
    }
    case ParamSpec::Type::kShape:
    case ParamSpec::Type::kRuntime:
      reading.problem = ReadShaped(api, param, text, arena, value, &reading.invalid);
      break;
  }
  if (!reading.problem.empty()) {
    if (!spec.no_match.empty()) reading.problem = FillTemplate(spec.no_match, {{"value", text}});
    return reading;
  }
  if (spec.limits != nullptr) {
    JsonReader reader(true, api.texts);
    if (spec.type == ParamSpec::Type::kUnsigned) CheckLimits(reader, static_cast<double>(value->number), true, *spec.limits);
    else CheckLimits(reader, text, *spec.limits);
    if (reader.invalid()) {
      reading.invalid = true;
      reading.problem = std::string(spec.name) + ": " + reader.violations().front().message;
    }
  }
  return reading;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    std::string_view piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), piece.size() + 1));
    if (piece.empty()) continue;
    size_t equals = piece.find('=');
    pairs.emplace_back(Decode(piece.substr(0, equals)),
                       equals == std::string_view::npos ? std::string() : Decode(piece.substr(equals + 1)));
  }
  return pairs;
}

std::optional<ParamFault> ReadVariables(const ApiSpec& api, std::span<const CompiledParam> params,
                                        std::span<const std::string> texts, pb::Arena* arena,
                                        std::vector<ParamValue>* values) {
  std::string violations;
  for (size_t i = 0; i < params.size() && i < texts.size(); ++i) {
    ParamValue value;
    Reading reading = ReadOne(api, params[i], texts[i], arena, &value);
    if (!reading.problem.empty()) {
      if (!reading.invalid)
        return params[i].spec->refuse
                   ? ParamFault{400, reading.problem, true}
                   : ParamFault{400, FillTemplate(api.texts.deserialize_path, {{"text", reading.problem}})};
      if (!violations.empty()) violations += "; ";
      violations += reading.problem;
    }
    values->push_back(std::move(value));
  }
  if (!violations.empty()) return ParamFault{422, FillTemplate(api.texts.validation_path, {{"list", violations}})};
  return std::nullopt;
}

std::optional<ParamFault> ReadQuery(const ApiSpec& api, std::span<const CompiledParam> params, std::string_view query,
                                    pb::Arena* arena, std::vector<ParamValue>* values) {
  if (params.empty()) return std::nullopt;
  std::string violations;
  uint64_t seen = 0;
  auto read = [&](size_t i, std::string_view text) -> std::optional<ParamFault> {
    ParamValue value;
    Reading reading = ReadOne(api, params[i], text, arena, &value);
    if (!reading.problem.empty()) {
      if (!reading.invalid) return ParamFault{400, FillTemplate(api.texts.deserialize_query, {{"text", reading.problem}})};
      if (!violations.empty()) violations += "; ";
      violations += reading.problem;
    }
    values->push_back(std::move(value));
    return std::nullopt;
  };
  for (const auto& [name, text] : ParseQuery(query)) {
    for (size_t i = 0; i < params.size(); ++i) {
      const ParamSpec& spec = *params[i].spec;
      if (spec.name != name) continue;
      if ((seen >> i) & 1)
        return ParamFault{400, FillTemplate(api.texts.deserialize_query, {{"text", "duplicate field `" + name + "`"}})};
      seen |= uint64_t{1} << i;
      if (text.empty() && spec.empty_is_absent) continue;
      if (auto fault = read(i, text)) return fault;
    }
  }
  for (size_t i = 0; i < params.size(); ++i)
    if (((seen >> i) & 1) == 0 && !params[i].spec->default_text.empty())
      if (auto fault = read(i, params[i].spec->default_text)) return fault;
  if (!violations.empty()) return ParamFault{422, FillTemplate(api.texts.validation_query, {{"list", violations}})};
  return std::nullopt;
}

void ApplyParam(const ParamValue& value, pb::Message* request) {
  const CompiledParam& param = *value.param;
  if (param.field.empty()) return;
  switch (param.spec->type) {
    case ParamSpec::Type::kText: SetText(request, param.field, value.text, param.spec->append); break;
    case ParamSpec::Type::kBool: SetBool(request, param.field, value.number != 0); break;
    case ParamSpec::Type::kUnsigned: SetUnsigned(request, param.field, value.number); break;
    case ParamSpec::Type::kEnum: SetEnum(request, param.field, static_cast<int>(value.number)); break;
    case ParamSpec::Type::kShape:
    case ParamSpec::Type::kRuntime:
      if (value.message != nullptr) SetMessage(request, param.field, *value.message, param.spec->append);
      else SetText(request, param.field, value.text, param.spec->append);
      break;
  }
}

}  // namespace vecgate::runtime
