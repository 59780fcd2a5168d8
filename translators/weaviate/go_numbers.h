// Numbers in texts, as Go's fmt prints them with %v: shortest digits, in plain digits from 1e-4 to below 1e6, else as
// "1e+06", "2.5e-05".
#pragma once

#include <string>

namespace vecgate::translators::weaviate {

std::string GoText(float value);
std::string GoText(double value);

}  // namespace vecgate::translators::weaviate
