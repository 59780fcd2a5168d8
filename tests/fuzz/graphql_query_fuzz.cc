// GraphQL queries as a whole: any document and any replies make an answer that is JSON, by calls that are bounded.
//
// Input: the document, a zero byte, a SearchReply. Every call is answered with it.
#include <string>
#include <vector>

#include "runtime/json_value.h"
#include "support/input.h"
#include "test_api.h"

namespace vecgate::fuzz {
namespace {

using namespace translators::weaviate;

// The document as the body of a request.
std::string BodyOf(std::string_view document) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string body = "{\"query\":\"";
  for (const char c : document) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') body.append(1, '\\').append(1, c);
    else if (byte < 0x20) body.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    else body += c;
  }
  return body + "\",\"variables\":{\"n\":1,\"t\":true,\"v\":[1,2],\"w\":{\"operator\":\"Equal\",\"path\":[\"a\"],\"valueInt\":1}}}";
}

void Try(std::string_view document, std::string_view bytes) {
  std::string body = BodyOf(document);
  const size_t size = body.size();
  body.append(runtime::kBodyPadding, ' ');
  google::protobuf::Arena arena;
  runtime::Translation translation(TestApi(), *TestApi().routes()[0], &arena);
  runtime::Step* step = &translation.Begin({{}, {}, std::string_view(body).substr(0, size)}, {});
  size_t calls = 0;
  while (step->kind == runtime::Step::Kind::kCall) {
    Require(step->calls.size() <= 32, "calls are made some at a time");
    runtime::CallOutcomes outcomes;
    for (const runtime::UpstreamCall& call : step->calls) {
      runtime::CallOutcome& outcome = outcomes.emplace_back();
      if (call.response->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) continue;
      outcome.code = 2;
      outcome.message = "no such prop with name 'a' found in class 'A' in the schema";
    }
    calls += outcomes.size();
    Require(calls <= document.size() * 32, "calls are bounded by the document");
    step = &translation.Resume(std::move(outcomes));
  }
  runtime::JsonDocument json(100'000);
  runtime::SyntaxError error;
  const std::string answer(step->reply.body.view());
  Require(json.ParseExact(answer, &error), "the answer is JSON");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Input input(data, size);
  const std::string_view document = input.Until('\0');
  vecgate::fuzz::Try(document, input.rest());
  return 0;
}
