// The shape of a body for the log: any bytes have one, it is short, and no text that is a value is in it.
//
// Input: the body.
#include <string>

#include "support/input.h"
#include "tracing/query_shape.h"

namespace vecgate::fuzz {
namespace {

// A key is told as it is; beyond that there is a bound.
constexpr size_t kLongest = 2048;
constexpr size_t kWithinRead = 8 * 1024;

// The bytes as the text of a JSON value.
std::string Quoted(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return text + "\"";
}

void Try(std::string_view body) {
  using tracing::QueryShape;
  Require(QueryShape(body).size() <= kLongest + body.size(), "a shape is short");
  const std::string value = Quoted(body.substr(0, kWithinRead));
  Require(QueryShape("{\"k\":" + value + "}") == "{k: text}", "a text is not told");
  Require(QueryShape("[" + value + "," + value + "]") == "[2 x text]", "nor in a list");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Try({reinterpret_cast<const char*>(data), size});
  return 0;
}
