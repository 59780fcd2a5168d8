// Parts of bodies, read with either source.
#pragma once

#include <google/protobuf/text_format.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness.h"
#include "weaviate/json_body.h"

namespace vecgate::translators::weaviate {

// Empty: it was read; else "code: text" of the fault. A `-0` in front makes the exact source do it all.
inline std::string Read(std::string_view json,
                        const std::function<bool(runtime::JsonReader&, const runtime::JsonValue&)>& read) {
  static const runtime::Api api(kSpec);
  const std::string padded = std::string(json) + std::string(runtime::kBodyPadding, ' ');
  const auto fault = ReadJsonBody(api, std::string_view(padded).substr(0, json.size()), read);
  return fault ? std::to_string(fault->code) + ": " + fault->text : std::string();
}

inline std::string OneLine(const google::protobuf::Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  printer.PrintToString(message, &text);
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

inline std::string Printed(const std::function<void(runtime::JsonWriter&)>& print) {
  runtime::OutputBuffer out;
  runtime::JsonWriter writer(out, runtime::JsonStyle::kGo);
  print(writer);
  return std::string(out.view());
}

}  // namespace vecgate::translators::weaviate
