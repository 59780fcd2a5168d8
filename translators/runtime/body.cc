#include "runtime/body.h"

#include "runtime/document_use.h"
#include "runtime/translation.h"

namespace vecgate::runtime {

std::string FillTemplate(std::string_view text,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string filled;
  while (!text.empty()) {
    size_t open = text.find('{');
    filled += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    bool known = false;
    for (const auto& [name, value] : values) {
      if (text.size() < name.size() + 2 || text.substr(1, name.size()) != name || text[name.size() + 1] != '}') continue;
      filled += value;
      text.remove_prefix(name.size() + 2);
      known = true;
      break;
    }
    if (known) continue;
    filled += '{';
    text.remove_prefix(1);
  }
  return filled;
}

namespace {

// Where a fault is, for the end of its text. The root needs no saying.
std::string At(const std::string& path) { return path.empty() ? std::string() : " (" + path + ")"; }

BodyFault FormatFault(const ApiSpec& api, std::string_view body, std::string_view text, size_t offset,
                      const std::string& path, bool located) {
  BodyFault fault;
  if (!located) {
    fault.text = FillTemplate(api.texts.format_unlocated, {{"text", text}}) + At(path);
    return fault;
  }
  LineColumn place = Locate(body, offset);
  fault.text = FillTemplate(api.texts.format, {{"text", text},
                                               {"line", std::to_string(place.line)},
                                               {"column", std::to_string(place.column)}}) +
               At(path);
  return fault;
}

BodyFault ValidationFault(const ApiSpec& api, const std::vector<Violation>& violations) {
  std::string list;
  for (const Violation& violation : violations) {
    if (!list.empty()) list += "; ";
    list += violation.path + ": " + violation.message;
  }
  BodyFault fault;
  fault.status = 422;
  fault.text = FillTemplate(api.texts.validation_body, {{"list", list}});
  return fault;
}

}  // namespace

std::optional<BodyFault> ReadBody(const Api& serving, const RouteSpec& route, std::string_view body,
                                  const std::function<bool(JsonReader&, const JsonValue&)>& read) {
  const ApiSpec& api = serving.spec();
  if (body.empty()) {
    BodyFault fault;
    fault.text = api.texts.empty_body;
    return fault;
  }
  const DocumentUse use(serving.max_depth());
  JsonDocument& document = use.document();
  if (document.ParseFast(body)) {
    JsonReader reader(false, api.texts);
    if (read(reader, document.root()) && !reader.invalid()) return std::nullopt;
  }
  SyntaxError error;
  if (!document.ParseExact(body, &error)) return FormatFault(api, body, error.text, error.offset, {}, true);
  JsonReader reader(true, api.texts);
  reader.set_path_prefix(route.body_path);
  if (!read(reader, document.root())) {
    if (reader.refused() != 0) {
      BodyFault fault;
      fault.status = reader.refused();
      fault.text = reader.error_text();
      return fault;
    }
    return FormatFault(api, body, reader.error_text(), reader.error_offset(), reader.error_path(),
                       reader.located() && !route.body_unlocated);
  }
  if (reader.invalid()) return ValidationFault(api, reader.violations());
  return std::nullopt;
}

bool ReadJson(const ApiSpec& api, std::string_view json, ReadFunction read, google::protobuf::Message* message) {
  std::string padded(json);
  padded.append(kBodyPadding, ' ');
  JsonDocument document(api.max_depth);
  SyntaxError error;
  if (!document.ParseExact(std::string_view(padded).substr(0, json.size()), &error)) return false;
  JsonReader reader(true, api.texts);
  return read(reader, document.root(), message) && !reader.invalid();
}

}  // namespace vecgate::runtime
