#include "graphql/fault.h"

#include <algorithm>
#include <cstdio>

namespace vecgate::graphql {
namespace {

// Length of the line terminator at `at`; 0: there is none.
size_t TerminatorAt(std::string_view source, size_t at) {
  if (source[at] == '\n') return 1;
  if (source[at] != '\r') return 0;
  return at + 1 < source.size() && source[at + 1] == '\n' ? 2 : 1;
}

// Start and text of line `number` (from 1). False: there is no such line.
bool LineOf(std::string_view source, uint32_t number, std::string_view* line) {
  size_t begin = 0;
  uint32_t at_line = 1;
  for (size_t i = 0; i <= source.size();) {
    const size_t terminator = i < source.size() ? TerminatorAt(source, i) : 1;
    if (terminator == 0) {
      ++i;
      continue;
    }
    if (at_line++ == number) {
      *line = source.substr(begin, i - begin);
      return true;
    }
    begin = i += terminator;
  }
  return false;
}

// Control characters show as \u0009.
void AppendVisible(std::string_view line, std::string* out) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) >= 0x20) {
      out->push_back(c);
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(c));
    *out += escaped;
  }
}

void AppendLine(std::string_view source, uint32_t number, size_t width, std::string* out) {
  std::string_view line;
  if (!LineOf(source, number, &line)) return;
  const std::string label = std::to_string(number);
  out->append(width - label.size(), ' ');
  *out += label + ": ";
  AppendVisible(line, out);
  *out += "\n";
}

}  // namespace

Location Locate(std::string_view source, size_t offset) {
  Location location{1, static_cast<uint32_t>(offset) + 1};
  for (size_t i = 0; i < source.size() && i < offset;) {
    const size_t terminator = TerminatorAt(source, i);
    if (terminator == 0) {
      ++i;
      continue;
    }
    i += terminator;
    ++location.line;
    location.column = static_cast<uint32_t>(offset + 1 > i ? offset + 1 - i : 0);
  }
  return location;
}

std::vector<uint32_t> LineStarts(std::string_view source) {
  std::vector<uint32_t> starts = {0};
  for (size_t i = 0; i < source.size();) {
    const size_t terminator = TerminatorAt(source, i);
    i += terminator == 0 ? 1 : terminator;
    if (terminator != 0) starts.push_back(static_cast<uint32_t>(i));
  }
  return starts;
}

Fault SyntaxFault(std::string_view source, size_t offset, std::string_view description) {
  const Location at = Locate(source, offset);
  Fault fault{"Syntax Error GraphQL request (" + std::to_string(at.line) + ":" + std::to_string(at.column) + ") ", {at}};
  fault.message += description;
  fault.message += "\n\n";
  const size_t width = std::to_string(at.line + 1).size();
  if (at.line > 1) AppendLine(source, at.line - 1, width, &fault.message);
  AppendLine(source, at.line, width, &fault.message);
  fault.message.append(1 + width + at.column, ' ');
  fault.message += "^\n";
  AppendLine(source, at.line + 1, width, &fault.message);
  return fault;
}

}  // namespace vecgate::graphql
