// Method and path of a request against the whole table of routes: what is found is what a search through all templates
// finds, one by one.
//
// Input: a byte for the method, then the path.
#include <optional>
#include <string>
#include <vector>

#include "routing/percent.h"
#include "routing/route_table.h"
#include "support/api.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

struct Template {
  std::string method;
  std::vector<std::string> segments;
};

std::vector<std::string> SegmentsOf(std::string_view path) {
  std::vector<std::string> segments(1);
  for (const char c : path) {
    if (c == '/') segments.emplace_back();
    else segments.back() += c;
  }
  std::erase(segments, "");
  return segments;
}

// The API's own, and some with a tail.
std::vector<Template> MakeTemplates() {
  std::vector<Template> templates;
  for (const runtime::RouteSpec& route : TestedApi().spec().routes)
    templates.push_back({std::string(route.method), SegmentsOf(route.path)});
  for (const char* path :
       {"/files/{name=**}", "/files/{folder}/index", "/files/{folder}/{part}/{name=**}", "/{any=**}"})
    templates.push_back({"PUT", SegmentsOf(path)});
  return templates;
}

const std::vector<Template>& Templates() {
  static const std::vector<Template>& templates = *new std::vector<Template>(MakeTemplates());
  return templates;
}

routing::RouteTable MakeTable() {
  routing::RouteTableBuilder builder;
  for (size_t i = 0; i < Templates().size(); ++i) {
    std::string path = "/";
    for (const std::string& segment : Templates()[i].segments) path += segment + "/";
    Require(builder.Add(Templates()[i].method, path, i).ok(), "the templates are good");
  }
  return std::move(builder).Build();
}

bool IsVariable(std::string_view segment) { return segment.starts_with('{'); }
bool IsTail(std::string_view segment) { return segment.ends_with("=**}"); }

// For every segment how closely it fits, the closest first: literal, variable, tail. Nothing when it does not fit.
std::optional<std::string> Closeness(const Template& route, const std::vector<std::string>& path) {
  std::string closeness;
  for (size_t i = 0; i < route.segments.size(); ++i) {
    const std::string& segment = route.segments[i];
    if (IsTail(segment)) return closeness + "c";
    if (i == path.size()) return std::nullopt;
    if (!IsVariable(segment) && segment != path[i]) return std::nullopt;
    closeness += IsVariable(segment) ? 'b' : 'a';
  }
  if (route.segments.size() != path.size()) return std::nullopt;
  return closeness;
}

struct Found {
  size_t route;
  std::vector<std::string> variables;
};

std::optional<Found> Search(std::string_view method, std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  std::vector<std::string> path;
  for (const std::string& segment : SegmentsOf(raw)) {
    const auto decoded = routing::DecodeSegment(segment);
    if (!decoded) return std::nullopt;
    path.push_back(*decoded);
  }
  std::optional<Found> found;
  std::string closest;
  for (size_t i = 0; i < Templates().size(); ++i) {
    const Template& route = Templates()[i];
    if (route.method != method) continue;
    const auto closeness = Closeness(route, path);
    // A path that ends here comes before a tail of nothing.
    if (!closeness || (found && *closeness >= closest)) continue;
    closest = *closeness;
    found = Found{i, {}};
    for (size_t k = 0; k < route.segments.size(); ++k) {
      if (!IsVariable(route.segments[k])) continue;
      std::string value = k < path.size() ? path[k] : "";
      if (IsTail(route.segments[k]))
        for (size_t rest = k + 1; rest < path.size(); ++rest) value += "/" + path[rest];
      found->variables.push_back(value);
    }
  }
  return found;
}

void Try(std::string_view method, std::string_view path) {
  static const routing::RouteTable& table = *new routing::RouteTable(MakeTable());
  const auto match = table.Match(method, path);
  const auto found = Search(method, path);
  Require(match.has_value() == found.has_value(), "the table finds a route where there is one");
  if (!match) return;
  Require(match->route == found->route, "the table finds the closest route");
  Require(match->variables == found->variables, "the table finds the variables");
}

// Escaped bytes are what they stand for.
void TryPercent(std::string_view text) {
  const auto plain = routing::DecodeSegment(text);
  if (!plain) return;
  std::string escaped;
  for (const char c : *plain) {
    char hex[4];
    std::snprintf(hex, sizeof(hex), "%%%02x", static_cast<uint8_t>(c));
    escaped += hex;
  }
  Require(routing::DecodeSegment(escaped) == plain, "a segment can be escaped throughout");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const char* const kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get"};
  vecgate::fuzz::Input input(data, size);
  const char* method = kMethods[input.Byte() % std::size(kMethods)];
  vecgate::fuzz::Try(method, input.rest());
  vecgate::fuzz::TryPercent(input.rest());
  return 0;
}
