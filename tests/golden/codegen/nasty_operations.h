// Operations of the nasty API that its rules cannot say.
#pragma once

#include <memory>

#include "runtime/operation.h"

namespace vecgate::translators::nasty {

// Finds the things of two notes at the same time and tells how many there are of each.
std::unique_ptr<runtime::Operation> MakeFindBoth(const runtime::OperationContext& context);

}  // namespace vecgate::translators::nasty
