#include <cstring>

#include "runtime/exact_source.h"
#include "runtime/json_value.h"
#include "runtime/minus_zero.h"

namespace vecgate::runtime {

namespace {

// What larger bodies need is given back: indexes of 0.7 times and values of 1.5 times a body of numbers.
constexpr size_t kKeptBody = 4 * 1024 * 1024;

}  // namespace

struct JsonDocument::Impl {
  explicit Impl(size_t depth) : max_depth(depth) { StartParser(); }

  // simdjson counts a scalar as a level and an empty container as none. With this bound all it takes is within
  // ours; the few texts in between are left to the exact source.
  void StartParser() {
    parser = simdjson::dom::parser();
    if (parser.allocate(0, max_depth) != simdjson::SUCCESS) throw std::bad_alloc();
  }

  const size_t max_depth;
  simdjson::dom::parser parser;      // with its indexes into the text
  simdjson::dom::document document;  // the values
  ExactTree tree;
  JsonValue root;
};

JsonDocument::JsonDocument(size_t max_depth) : impl_(std::make_unique<Impl>(max_depth)) {}

JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

bool JsonDocument::ParseFast(std::string_view body) {
  if (HasMinusZero(body)) return false;
  simdjson::dom::element element;
  constexpr bool kCopyForPadding = false;  // the caller's promise
  const simdjson::error_code error =
      impl_->parser.parse_into_document(impl_->document, body.data(), body.size(), kCopyForPadding).get(element);
  if (body.size() > kKeptBody) impl_->StartParser();  // before the message is built beside the values
  if (error != simdjson::SUCCESS) return false;
  impl_->root = JsonValue(element);
  return true;
}

bool JsonDocument::ParseExact(std::string_view body, SyntaxError* error) {
  if (!impl_->tree.Parse(body, impl_->max_depth, error)) return false;
  impl_->root = JsonValue(impl_->tree.root());
  return true;
}

void JsonDocument::Release() {
  impl_->root = JsonValue();
  if (impl_->document.capacity() > kKeptBody) impl_->document = simdjson::dom::document();
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
