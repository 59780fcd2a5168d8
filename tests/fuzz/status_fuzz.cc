// The status of a failed call, whatever its code, text and trailers: it becomes a sound reply.
//
// Input: a byte each for the code, for who made the status and for the trailer; a trailer's value up to a NUL; the
// text.
#include <string>
#include <vector>

#include "support/api.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

// Trailers that some row of the error table looks at, and one that none does.
const std::vector<std::string>& Trailers() {
  static const std::vector<std::string>& names = []() -> std::vector<std::string>& {
    auto& found = *new std::vector<std::string>{"x-other"};
    for (const runtime::ErrorRow& row : TestedApi().spec().errors) {
      for (const std::string_view name : {row.metadata, row.retry_after}) {
        if (!name.empty()) found.emplace_back(name);
      }
    }
    return found;
  }();
  return names;
}

void Try(Input input) {
  runtime::CallOutcome outcome;
  outcome.code = 1 + input.Byte() % 20;  // codes end at 16; a server may send others
  outcome.from_client = (input.Byte() & 1) != 0;
  const uint8_t trailer = input.Byte();
  const std::string_view value = input.Until('\0');
  if (trailer != 0) outcome.trailers.emplace_back(Trailers()[trailer % Trailers().size()], value);
  outcome.message = std::string(input.rest());
  const runtime::Reply reply = TestedApi().ErrorReply(outcome, 0.25);
  RequireSound(reply);
  Require(reply.status >= 300, "a failure is not told as a success");
  Require(reply.origin != runtime::Origin::kNone, "a failure is somebody's");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Try(vecgate::fuzz::Input(data, size));
  return 0;
}
