// Conditions on messages that were read, as generated code asks them.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::runtime {

// A number in an error text: integral values without ".0".
std::string Display(double value);
template <std::integral T>
std::string Display(T value) {
  return std::to_string(value);
}

// `text` with its {name} placeholders filled; empty where no text is told (fast source).
std::string Filled(const JsonReader& reader, std::string_view text,
                   std::initializer_list<std::pair<std::string_view, std::string>> values);

template <class Message>
std::string ToJson(const Message& message, void (*write)(const Message&, JsonWriter&)) {
  OutputBuffer buffer;
  JsonWriter writer(buffer);
  write(message, writer);
  return std::string(buffer.view());
}

template <class Repeated>
bool AllUnique(const Repeated& field) {
  absl::flat_hash_set<typename Repeated::value_type> seen;
  seen.reserve(static_cast<size_t>(field.size()));
  for (const auto& element : field)
    if (!seen.insert(element).second) return false;
  return true;
}

// Rows are messages with one repeated field; `size_of` gives the length of a row.
template <class Rows, class SizeOf>
bool NoEmptyRow(const Rows& rows, SizeOf size_of) {
  for (const auto& row : rows)
    if (size_of(row) == 0) return false;
  return true;
}

// Length of the first row that is not as long as the first one.
template <class Rows, class SizeOf>
std::optional<int> OddRow(const Rows& rows, SizeOf size_of) {
  for (const auto& row : rows)
    if (size_of(row) != size_of(rows[0])) return size_of(row);
  return std::nullopt;
}

// The first and the last element are equal.
template <class Points>
bool IsClosed(const Points& points) {
  return points.empty() || points[0].SerializeAsString() == points[points.size() - 1].SerializeAsString();
}

}  // namespace vecgate::runtime
