#include "runtime/json_value.h"

#include <cassert>

#include "runtime/exact_source.h"

namespace vecgate::runtime {

Kind JsonValue::kind() const {
  if (node_ != nullptr) return node_->kind;
  switch (element_.type()) {
    case simdjson::dom::element_type::ARRAY:
      return Kind::kArray;
    case simdjson::dom::element_type::OBJECT:
      return Kind::kObject;
    case simdjson::dom::element_type::INT64:
      return Kind::kInteger;
    case simdjson::dom::element_type::UINT64:
      return Kind::kUnsigned;
    case simdjson::dom::element_type::DOUBLE:
      return Kind::kDouble;
    case simdjson::dom::element_type::STRING:
      return Kind::kString;
    case simdjson::dom::element_type::BOOL:
      return Kind::kBool;
    case simdjson::dom::element_type::NULL_VALUE:
      break;
  }
  return Kind::kNull;
}

bool JsonValue::AsBool() const {
  if (node_ != nullptr) return node_->boolean;
  return element_.get_bool().value_unsafe();
}

int64_t JsonValue::AsInteger() const {
  if (node_ != nullptr) return node_->integer;
  return element_.get_int64().value_unsafe();
}

uint64_t JsonValue::AsUnsigned() const {
  if (node_ == nullptr) return element_.get_uint64().value_unsafe();
  return node_->kind == Kind::kUnsigned ? node_->unsigned_value : static_cast<uint64_t>(node_->integer);
}

double JsonValue::AsDouble() const {
  if (node_ == nullptr) return element_.get_double().value_unsafe();
  switch (node_->kind) {
    case Kind::kInteger:
      return static_cast<double>(node_->integer);
    case Kind::kUnsigned:
      return static_cast<double>(node_->unsigned_value);
    default:
      return node_->real;
  }
}

std::string_view JsonValue::AsString() const {
  if (node_ != nullptr) return node_->text;
  return element_.get_string().value_unsafe();
}

size_t JsonValue::size() const {
  if (node_ != nullptr) return node_->count;
  if (element_.is_array()) return element_.get_array().value_unsafe().size();
  return element_.get_object().value_unsafe().size();
}

bool JsonValue::Find(std::string_view key, JsonValue* value) const {
  bool found = false;
  for (ObjectCursor member(*this); !member.Done(); member.Advance()) {
    if (member.key() != key) continue;
    *value = member.value();
    found = true;
  }
  return found;
}

size_t JsonValue::begin_offset() const { return node_ == nullptr ? 0 : node_->begin; }
size_t JsonValue::end_offset() const { return node_ == nullptr ? 0 : node_->end; }
size_t JsonValue::resume_offset() const { return node_ == nullptr ? 0 : ResumeOffset(*node_); }

std::string_view JsonValue::lexeme() const {
  return node_ == nullptr ? std::string_view() : node_->tree->body().substr(node_->begin, node_->end - node_->begin);
}

ArrayCursor::ArrayCursor(const JsonValue& array) : node_(array.node_) {
  if (node_ != nullptr) return;
  const simdjson::dom::array fast = array.element_.get_array().value_unsafe();
  at_ = fast.begin();
  end_ = fast.end();
}

bool ArrayCursor::Done() const { return node_ != nullptr ? index_ == node_->count : !(at_ != end_); }

void ArrayCursor::Advance() {
  if (node_ != nullptr) {
    ++index_;
  } else {
    ++at_;
  }
}

JsonValue ArrayCursor::value() const {
  return node_ != nullptr ? JsonValue(node_->members[index_].value) : JsonValue(*at_);
}

ObjectCursor::ObjectCursor(const JsonValue& object) : node_(object.node_) {
  if (node_ != nullptr) return;
  const simdjson::dom::object fast = object.element_.get_object().value_unsafe();
  at_ = fast.begin();
  end_ = fast.end();
}

bool ObjectCursor::Done() const { return node_ != nullptr ? index_ == node_->count : !(at_ != end_); }

void ObjectCursor::Advance() {
  if (node_ != nullptr) {
    ++index_;
  } else {
    ++at_;
  }
}

std::string_view ObjectCursor::key() const { return node_ != nullptr ? node_->members[index_].key : at_.key(); }

JsonValue ObjectCursor::value() const {
  return node_ != nullptr ? JsonValue(node_->members[index_].value) : JsonValue(at_.value());
}

size_t ObjectCursor::key_end_offset() const { return node_ != nullptr ? node_->members[index_].key_end : 0; }

size_t ObjectCursor::key_resume_offset() const {
  if (node_ == nullptr) return 0;
  const std::string_view body = node_->tree->body();
  return body.find(':', key_end_offset());
}

}  // namespace vecgate::runtime
