#include "graphql/value_text.h"

#include <cstdio>

namespace vecgate::graphql {
namespace {

// strconv.Quote, as far as texts in documents go.
void AppendGoQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': *out += "\\\""; break;
      case '\\': *out += "\\\\"; break;
      case '\a': *out += "\\a"; break;
      case '\b': *out += "\\b"; break;
      case '\f': *out += "\\f"; break;
      case '\n': *out += "\\n"; break;
      case '\r': *out += "\\r"; break;
      case '\t': *out += "\\t"; break;
      case '\v': *out += "\\v"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
          out->push_back(c);
        } else {
          char escaped[8];
          std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(c));
          *out += escaped;
        }
    }
  }
  out->push_back('"');
}

}  // namespace

void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out->push_back(c);
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      *out += escaped;
    }
  }
  out->push_back('"');
}

void AppendJson(const Value& value, const Variables& variables, std::string* out) {
  switch (value.kind) {
    case Value::Kind::kVariable: {
      const std::string_view* json = variables.Find(value.text);
      *out += json == nullptr ? std::string_view("null") : *json;
      return;
    }
    case Value::Kind::kInt:
    case Value::Kind::kFloat:
    case Value::Kind::kBool:
    case Value::Kind::kNull: *out += value.text; return;
    case Value::Kind::kString:
    case Value::Kind::kEnum: AppendQuoted(value.text, out); return;
    case Value::Kind::kList:
    case Value::Kind::kObject: break;
  }
  const bool object = value.kind == Value::Kind::kObject;
  char separator = object ? '{' : '[';
  if (value.children.empty()) out->push_back(separator);
  for (const Value& child : value.children) {
    out->push_back(separator);
    separator = ',';
    if (object) {
      AppendQuoted(child.name, out);
      out->push_back(':');
    }
    AppendJson(child, variables, out);
  }
  out->push_back(object ? '}' : ']');
}

size_t JsonSize(const Value& value, const Variables& variables) {
  constexpr size_t kQuotesAndColon = 6;
  size_t size = value.name.size() + value.text.size() + kQuotesAndColon;
  if (value.kind == Value::Kind::kVariable)
    if (const std::string_view* json = variables.Find(value.text); json != nullptr) size += json->size();
  for (const Value& child : value.children) size += JsonSize(child, variables);
  return size;
}

std::string Json(const Value& value, const Variables& variables) {
  std::string text;
  AppendJson(value, variables, &text);
  return text;
}

void AppendGraphql(const Value& value, std::string* out) {
  switch (value.kind) {
    case Value::Kind::kVariable: out->append("$").append(value.text); return;
    case Value::Kind::kString: AppendGoQuoted(value.text, out); return;
    case Value::Kind::kList:
    case Value::Kind::kObject: break;
    default: *out += value.text; return;
  }
  const bool object = value.kind == Value::Kind::kObject;
  out->push_back(object ? '{' : '[');
  for (const Value& child : value.children) {
    if (&child != value.children.first()) *out += ", ";
    if (object) out->append(child.name).append(": ");
    AppendGraphql(child, out);
  }
  out->push_back(object ? '}' : ']');
}

std::string Graphql(const Value& value) {
  std::string text;
  AppendGraphql(value, &text);
  return text;
}

}  // namespace vecgate::graphql
