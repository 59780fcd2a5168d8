// JSON from outside: bounded, without recursion, and never more than looked at.
#pragma once

#include <rapidjson/document.h>

#include <string_view>

namespace vecgate::auth {

// False when `text` is not an object in JSON, whole and alone.
inline bool ParseObject(std::string_view text, rapidjson::Document* document) {
  document->Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  return !document->HasParseError() && document->IsObject();
}

// Null when there is no such member.
inline const rapidjson::Value* Member(const rapidjson::Value& object, std::string_view name) {
  const auto member = object.FindMember(
      rapidjson::Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return member == object.MemberEnd() ? nullptr : &member->value;
}

inline std::string_view TextOf(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

// Empty when there is no such text.
inline std::string_view TextMember(const rapidjson::Value& object, std::string_view name) {
  const rapidjson::Value* const value = Member(object, name);
  return value != nullptr && value->IsString() ? TextOf(*value) : std::string_view();
}

}  // namespace vecgate::auth
