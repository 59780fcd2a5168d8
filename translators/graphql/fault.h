// What is wrong with a GraphQL request, in the words of graphql-go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::graphql {

// Both count from 1; columns count bytes.
struct Location {
  uint32_t line = 0;
  uint32_t column = 0;
  bool operator==(const Location&) const = default;
};
Location Locate(std::string_view source, size_t offset);
// Where lines begin; the first at 0.
std::vector<uint32_t> LineStarts(std::string_view source);

struct Fault {
  std::string message;
  std::vector<Location> locations;
};

// The description with its place and the lines around it:
//   Syntax Error GraphQL request (1:5) Expected Name, found EOF\n\n1: {Get\n       ^\n
Fault SyntaxFault(std::string_view source, size_t offset, std::string_view description);

}  // namespace vecgate::graphql
