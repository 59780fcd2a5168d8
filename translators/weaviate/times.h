// Points in time as filters know them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vecgate::translators::weaviate {

// Milliseconds since 1970 in digits ("1577836800000") as RFC 3339 ("2020-01-01T00:00:00.000Z"). Nullopt for other texts
// and for years that RFC 3339 has not.
std::optional<std::string> DateFromMilliseconds(std::string_view digits);

// A date as Go prints it: a fraction without zeros at its end, and of nanoseconds at the most; Z for UTC. What is no
// date stays as it is.
std::string GoDate(std::string_view date);

}  // namespace vecgate::translators::weaviate
