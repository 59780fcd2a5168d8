// The path of a payload key: it is one if and only if it still is one with a step more.
#include <string>

#include "runtime/named/json_path_text.h"
#include "support/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vecgate::fuzz::Require;
  using vecgate::runtime::IsJsonPath;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const bool is_path = IsJsonPath(text);
  for (const char* step : {"[]", "[3]", ".key", ".\"any [. thing\"", "[].a.\"\""})
    Require(IsJsonPath(text + step) == is_path, "a step more makes no difference");
  for (const char* step : {".", "[", "]", "[-1]", "[*]", ".*", "..a", "[1", "\"", " "})
    if (is_path) Require(!IsJsonPath(text + step), "half a step ends no path");
  if (is_path) Require(IsJsonPath("a." + text) && IsJsonPath("\"\"[]." + text), "a path goes on from another");
  if (text.find('"') == std::string::npos) Require(IsJsonPath("\"" + text + "\""), "anything can be quoted");
  return 0;
}
