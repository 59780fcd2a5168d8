// What of the messages JSON cannot carry both ways, each with the reason.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace vecgate::property {

struct Exclusion {
  std::string_view what;  // full name of a message or a field
  std::string_view why;
};

// Fields that random messages do not have.
std::span<const Exclusion> ExcludedFields();
// Messages whose JSON is not read back, or not as they were.
std::span<const Exclusion> ExcludedMessages();

std::set<std::string> NamesOf(std::span<const Exclusion> exclusions);

}  // namespace vecgate::property
