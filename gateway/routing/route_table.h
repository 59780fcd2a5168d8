// From method and path to a route.
//
// Templates: "/collections/{name}/points", with one whole segment per variable; "{rest=**}" at the end takes any
// number of further segments. A literal segment wins over a variable, a variable over the rest, provided that a route
// with the method lies that way: GET /points/scroll reaches /points/{id} when only POST /points/scroll exists.
//
// Paths: empty segments are dropped (so "//" is "/" and a slash at the end does not count); each segment is
// percent-decoded on its own before it is matched ("%2F" does not split); "." and ".." are ordinary segments.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::routing {

struct RouteMatch {
  size_t route = 0;                    // as given to the builder
  std::vector<std::string> variables;  // decoded, in the order of the template
};

// Immutable; shared by all threads.
class RouteTable {
 public:
  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;
  ~RouteTable();

  // Nothing when no route fits or the path cannot be decoded.
  std::optional<RouteMatch> Match(std::string_view method, std::string_view path) const;
  // Methods with a route for the path, in order of the alphabet.
  std::vector<std::string> MethodsAt(std::string_view path) const;

 private:
  friend class RouteTableBuilder;
  struct Node;
  class Walk;
  RouteTable(std::unique_ptr<Node> root, std::vector<std::string> methods);
  std::unique_ptr<Node> root_;
  std::vector<std::string> methods_;  // of all routes, sorted
};

class RouteTableBuilder {
 public:
  RouteTableBuilder();
  ~RouteTableBuilder();

  // Fails on a malformed template and on a second route for the same method and template.
  absl::Status Add(std::string_view method, std::string_view path_template, size_t route);
  RouteTable Build() &&;

 private:
  std::unique_ptr<RouteTable::Node> root_;
  std::vector<std::string> methods_;
};

}  // namespace vecgate::routing
