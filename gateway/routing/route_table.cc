#include "routing/route_table.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "routing/percent.h"

namespace vecgate::routing {
namespace {

// Non-empty segments.
std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> segments;
  segments.reserve(8);
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!segment.empty()) segments.push_back(segment);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return segments;
}

}  // namespace

struct RouteTable::Node {
  struct Entry {
    std::string method;
    size_t route;
  };

  const size_t* Find(std::string_view method) const { return FindIn(here, method); }
  const size_t* FindRest(std::string_view method) const { return FindIn(rest, method); }

  static const size_t* FindIn(const std::vector<Entry>& entries, std::string_view method) {
    for (const Entry& entry : entries) {
      if (entry.method == method) return &entry.route;
    }
    return nullptr;
  }

  absl::flat_hash_map<std::string, std::unique_ptr<Node>> literals;
  std::unique_ptr<Node> variable;
  std::vector<Entry> here;  // routes that end here
  std::vector<Entry> rest;  // routes that take all further segments
};

// One search. Templates are a dozen segments at most, so is the depth.
class RouteTable::Walk {
 public:
  Walk(std::string_view method, std::vector<std::string>& segments) : method_(method), segments_(segments) {}

  const size_t* From(const Node& node, size_t at) {
    if (at == segments_.size()) {
      if (const size_t* route = node.Find(method_)) return route;
    } else {
      if (const auto literal = node.literals.find(segments_[at]); literal != node.literals.end()) {
        if (const size_t* route = From(*literal->second, at + 1)) return route;
      }
      if (node.variable != nullptr) {
        variables_.push_back(at);
        if (const size_t* route = From(*node.variable, at + 1)) return route;
        variables_.pop_back();
      }
    }
    const size_t* const route = node.FindRest(method_);
    if (route != nullptr) rest_ = at;
    return route;
  }

  std::vector<std::string> TakeVariables() {
    std::vector<std::string> values;
    values.reserve(variables_.size() + 1);
    for (const size_t at : variables_) values.push_back(std::move(segments_[at]));
    if (rest_.has_value()) {
      std::string joined;
      for (size_t at = *rest_; at < segments_.size(); ++at) {
        base::Append(&joined, at == *rest_ ? "" : "/", segments_[at]);
      }
      values.push_back(std::move(joined));
    }
    return values;
  }

 private:
  const std::string_view method_;
  std::vector<std::string>& segments_;
  std::vector<size_t> variables_;  // indexes of segments
  std::optional<size_t> rest_;
};

RouteTable::RouteTable(std::unique_ptr<Node> root, std::vector<std::string> methods)
    : root_(std::move(root)), methods_(std::move(methods)) {}
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;
RouteTable::~RouteTable() = default;

std::optional<RouteMatch> RouteTable::Match(std::string_view method, std::string_view path) const {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> segments;
  for (const std::string_view raw : Split(path)) {
    std::optional<std::string> decoded = DecodeSegment(raw);
    if (!decoded.has_value()) return std::nullopt;
    segments.push_back(*std::move(decoded));
  }
  Walk walk(method, segments);
  const size_t* const route = walk.From(*root_, 0);
  if (route == nullptr) return std::nullopt;
  return RouteMatch{*route, walk.TakeVariables()};
}

std::vector<std::string> RouteTable::MethodsAt(std::string_view path) const {
  std::vector<std::string> methods;
  for (const std::string& method : methods_) {
    if (Match(method, path).has_value()) methods.push_back(method);
  }
  return methods;
}

RouteTableBuilder::RouteTableBuilder() : root_(std::make_unique<RouteTable::Node>()) {}
RouteTableBuilder::~RouteTableBuilder() = default;

absl::Status RouteTableBuilder::Add(std::string_view method, std::string_view path_template, size_t route) {
  const std::string name = base::Concat(method, " ", path_template);
  if (!path_template.starts_with('/')) return absl::InvalidArgumentError(base::Concat(name, ": must start with /"));
  RouteTable::Node* node = root_.get();
  std::vector<RouteTable::Node::Entry>* entries = nullptr;
  for (const std::string_view segment : Split(path_template)) {
    if (entries != nullptr) return absl::InvalidArgumentError(base::Concat(name, ": {...=**} must come last"));
    const bool opens = segment.find('{') != std::string_view::npos || segment.find('}') != std::string_view::npos;
    if (!opens) {
      std::unique_ptr<RouteTable::Node>& next = node->literals[std::string(segment)];
      if (next == nullptr) next = std::make_unique<RouteTable::Node>();
      node = next.get();
      continue;
    }
    if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}' ||
        segment.substr(1, segment.size() - 2).find_first_of("{}") != std::string_view::npos) {
      return absl::InvalidArgumentError(base::Concat(name, ": a variable must be a whole segment"));
    }
    if (segment.ends_with("=**}")) {
      entries = &node->rest;
      continue;
    }
    if (node->variable == nullptr) node->variable = std::make_unique<RouteTable::Node>();
    node = node->variable.get();
  }
  if (entries == nullptr) entries = &node->here;
  if (RouteTable::Node::FindIn(*entries, method) != nullptr) {
    return absl::AlreadyExistsError(base::Concat(name, ": a route of this form exists"));
  }
  entries->push_back({std::string(method), route});
  const auto place = std::lower_bound(methods_.begin(), methods_.end(), method);
  if (place == methods_.end() || *place != method) methods_.emplace(place, method);
  return absl::OkStatus();
}

RouteTable RouteTableBuilder::Build() && { return RouteTable(std::move(root_), std::move(methods_)); }

}  // namespace vecgate::routing
