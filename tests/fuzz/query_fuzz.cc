// Path variables and the query string of a request, on any route.
//
// Whatever is refused gets a sound answer, and a parameter that the route does not know changes nothing.
//
// Input: two bytes for the route, the text of the path variables up to a NUL, then the query string.
#include <google/protobuf/arena.h>

#include <chrono>
#include <string>
#include <vector>

#include "routing/percent.h"
#include "support/api.h"
#include "support/input.h"
#include "support/ring.h"

namespace vecgate::fuzz {
namespace {

namespace pb = google::protobuf;
using runtime::CompiledRoute;
using runtime::RouteSpec;
using runtime::Step;

const Ring<CompiledRoute>& Routes() {
  static const Ring<CompiledRoute>& routes = []() -> Ring<CompiledRoute>& {
    auto& ring = *new Ring<CompiledRoute>;
    for (const auto& route : TestedApi().routes()) {
      const RouteSpec& spec = runtime::SpecOf(*route);
      if (!spec.calls.empty()) ring.Add(NameOf(spec), route.get());
    }
    return ring;
  }();
  return routes;
}

// What came of a request, times left out: the request message, or the refusal.
std::string Outcome(const CompiledRoute& route, const std::vector<std::string>& variables, std::string_view query) {
  pb::Arena arena;
  runtime::Translation translation(TestedApi(), route, &arena);
  static const std::string& body = *new std::string("{}" + std::string(64, ' '));
  const Step& step =
      translation.Begin({variables, query, std::string_view(body).substr(0, 2)}, std::chrono::steady_clock::now());
  if (step.kind == Step::Kind::kCall) {
    Require(step.calls[0].timeout.count() > 0, "a call has a deadline");
    if (step.calls[0].background) RequireSound(step.reply);
    return (step.calls[0].background ? "in the background " : "call ") + BytesOf(*step.calls[0].request);
  }
  RequireSound(step.reply);
  const std::string_view text = step.reply.body.view();
  return std::to_string(step.reply.status) + std::string(text.substr(0, text.find("\"time\"")));
}

void Try(const CompiledRoute& route, std::string_view variable, std::string_view query) {
  // Routing hands on what it could decode; what it could not is no path of ours.
  const auto decoded = routing::DecodeSegment(variable);
  const std::vector<std::string> variables(runtime::SpecOf(route).variables.size(), decoded.value_or("c"));
  const std::string outcome = Outcome(route, variables, query);
  const std::string longer = std::string(query) + "&unheard=1";
  Require(Outcome(route, variables, longer) == outcome, "an unknown parameter changes nothing");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vecgate::fuzz::Input input(data, size);
  const auto& route = vecgate::fuzz::Routes().At(input.Word());
  const std::string_view variable = input.Until('\0');
  vecgate::fuzz::Try(route, variable, input.rest());
  return 0;
}
