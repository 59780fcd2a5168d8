#include <cstring>

#include "runtime/exact_source.h"
#include "runtime/json_value.h"
#include "runtime/minus_zero.h"

namespace vecgate::runtime {

struct JsonDocument::Impl {
  size_t max_depth;
  simdjson::dom::parser parser;
  ExactTree tree;
  JsonValue root;
};

JsonDocument::JsonDocument(size_t max_depth) : impl_(std::make_unique<Impl>()) {
  impl_->max_depth = max_depth;
  // simdjson counts a scalar as a level and an empty container as none. With this bound all it takes is within
  // ours; the few texts in between are left to the exact source.
  if (impl_->parser.allocate(0, max_depth) != simdjson::SUCCESS) throw std::bad_alloc();
}

JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

bool JsonDocument::ParseFast(std::string_view body) {
  if (HasMinusZero(body)) return false;
  simdjson::dom::element element;
  constexpr bool kCopyForPadding = false;  // the caller's promise
  if (impl_->parser.parse(body.data(), body.size(), kCopyForPadding).get(element) != simdjson::SUCCESS) return false;
  impl_->root = JsonValue(element);
  return true;
}

bool JsonDocument::ParseExact(std::string_view body, SyntaxError* error) {
  if (!impl_->tree.Parse(body, impl_->max_depth, error)) return false;
  impl_->root = JsonValue(impl_->tree.root());
  return true;
}

JsonValue JsonDocument::root() const { return impl_->root; }

LineColumn Locate(std::string_view body, size_t offset) {
  const std::string_view before = body.substr(0, offset);
  size_t line = 1;
  size_t line_start = 0;
  for (size_t i = before.find('\n'); i != std::string_view::npos; i = before.find('\n', i + 1)) {
    ++line;
    line_start = i + 1;
  }
  return {line, before.size() - line_start};
}

}  // namespace vecgate::runtime
