// What of the messages JSON cannot carry both ways, each with the reason.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "random_message.h"

namespace vecgate::property {

struct Exclusion {
  std::string_view what;
  std::string_view why;
};

// Shapes that are not read back, by name.
std::span<const Exclusion> ShapesNotReadBack();

// Fields by full name that random messages never have, always have, or never have empty.
std::span<const Exclusion> FieldsLeftOut();
std::span<const Exclusion> FieldsAlwaysFilled();
std::span<const Exclusion> ListsNeverEmpty();

MessageLimits LimitsOfMessages();
std::set<std::string> NamesOf(std::span<const Exclusion> exclusions);

}  // namespace vecgate::property
