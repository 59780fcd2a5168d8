// The body of a request, on any route that takes one.
//
// Both sources of JSON values judge it alike and give the same message; what the translation does agrees with that;
// every answer is sound; and a message that was read can be printed, read again and is the same.
//
// Input: two bytes for the route, then the body.
#include <google/protobuf/arena.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "qdrant/api.h"
#include "runtime/json_value.h"
#include "support/api.h"
#include "support/as_sent.h"
#include "support/input.h"
#include "support/ring.h"

namespace vecgate::fuzz {
namespace {

namespace pb = google::protobuf;
using runtime::CompiledRoute;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::RouteSpec;

const Ring<CompiledRoute>& Routes() {
  static const Ring<CompiledRoute>& routes = []() -> Ring<CompiledRoute>& {
    auto& ring = *new Ring<CompiledRoute>;
    for (const auto& route : TestedApi().routes()) {
      const RouteSpec& spec = runtime::SpecOf(*route);
      if (spec.has_body && !spec.calls.empty()) ring.Add(NameOf(spec), route.get());
    }
    return ring;
  }();
  return routes;
}

struct Judgement {
  bool read = false;
  bool invalid = false;
  uint32_t refused = 0;
  std::unique_ptr<pb::Message> message;

  bool accepted() const { return read && !invalid; }
};

// As the first call's request, which a route with several calls checks the whole body by.
Judgement Judge(const RouteSpec& route, bool exact, const JsonValue& root) {
  const runtime::CallSpec& call = route.calls[0];
  Judgement judgement;
  judgement.message.reset(call.request()->New());
  JsonReader reader(exact, TestedApi().spec().texts);
  const runtime::ReadFunction read = route.check_body != nullptr ? route.check_body : call.read_body;
  judgement.read = read(reader, root, judgement.message.get());
  Require(TakeAsSent(judgement.message.get()), "what was read can be sent");
  judgement.invalid = reader.invalid();
  judgement.refused = reader.refused();
  return judgement;
}

// Null where columns or operations are turned into something that prints otherwise, and so is read by another shape.
const runtime::ShapeEntry* ShapeOf(const RouteSpec& route) {
  if (route.check_body != nullptr) return nullptr;
  for (const runtime::ShapeEntry& shape : translators::qdrant::Shapes()) {
    if (shape.read == route.calls[0].read_body) return &shape;
  }
  return nullptr;
}

void RequireReadBack(const runtime::ShapeEntry& shape, const pb::Message& message) {
  runtime::OutputBuffer buffer;
  runtime::JsonWriter writer(buffer);
  writer.set_flags(~runtime::Flags{0});
  shape.write(message, writer);
  Require(IsJson(buffer.view()), "what is printed is JSON");
  runtime::JsonDocument document(1000);
  runtime::SyntaxError error;
  Require(document.ParseExact(buffer.view(), &error), "what is printed can be parsed");
  JsonReader reader(true, TestedApi().spec().texts);
  std::unique_ptr<pb::Message> again(message.New());
  Require(shape.read(reader, document.root(), again.get()), "what is printed can be read");
  Require(TakeAsSent(again.get()), "what was read can be sent");
  Require(BytesOf(*again) == BytesOf(message), "what was printed is read as it was");
}

void Try(const CompiledRoute& compiled, std::string_view body) {
  const RouteSpec& route = runtime::SpecOf(compiled);
  const uint32_t max_depth = TestedApi().spec().max_depth;
  std::string padded(body);
  padded.append(runtime::kBodyPadding, ' ');
  const std::string_view view = std::string_view(padded).substr(0, body.size());

  runtime::JsonDocument exact_document(max_depth), fast_document(max_depth);
  runtime::SyntaxError error;
  std::optional<Judgement> exact, fast;
  if (exact_document.ParseExact(view, &error)) exact = Judge(route, true, exact_document.root());
  if (fast_document.ParseFast(view)) fast = Judge(route, false, fast_document.root());
  Require(!fast || exact, "what the fast source takes, the exact one takes");
  if (fast) {
    Require(fast->read == exact->read && fast->invalid == exact->invalid, "both sources judge alike");
    if (exact->read) Require(BytesOf(*fast->message) == BytesOf(*exact->message), "both sources read the same");
  }
  const bool accepted = exact && exact->accepted();

  pb::Arena arena;
  runtime::Translation translation(TestedApi(), compiled, &arena);
  // A number is a name, a path and a point's id as well.
  const std::vector<std::string> variables(route.variables.size(), "7");
  const runtime::Step& step = translation.Begin({variables, {}, view}, std::chrono::steady_clock::now());
  if (step.kind == runtime::Step::Kind::kCall) {
    Require(accepted, "only what is accepted is called for");
    Require(step.calls[0].request != nullptr && step.calls[0].response != nullptr, "a call has its messages");
  } else {
    RequireSound(step.reply);
    const bool empty = !route.empty_field.empty() && step.reply.status == 200;
    const bool nothing_to_do = !route.no_call.empty() && step.reply.status == 400;
    Require(!accepted || empty || nothing_to_do, "what is accepted is called for");
  }

  if (!accepted || HasNonFinite(*exact->message)) return;
  if (const runtime::ShapeEntry* shape = ShapeOf(route)) RequireReadBack(*shape, *exact->message);
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Input input(data, size);
  const auto& route = vecgate::fuzz::Routes().At(input.Word());
  vecgate::fuzz::Try(route, input.rest());
  return 0;
}
