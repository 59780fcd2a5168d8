// The order of values, as the server sorts by them.
#pragma once

#include <weaviate/v1/properties.pb.h>

#include <string_view>

namespace vecgate::translators::weaviate {

// Texts regardless of the case of their letters (Latin, Greek, Cyrillic).
int ComparedTexts(std::string_view a, std::string_view b);

// Both have values, of the same property. Lists go by their elements, then by their lengths; places by longitude, then
// latitude; telephone numbers by country, then number. Values of other kinds are all alike.
int Compared(const ::weaviate::v1::Value& a, const ::weaviate::v1::Value& b);

}  // namespace vecgate::translators::weaviate
