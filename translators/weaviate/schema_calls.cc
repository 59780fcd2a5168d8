#include "weaviate/schema_calls.h"

#include <algorithm>

#include "weaviate/request.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Operation;

constexpr size_t kMostSchemas = 32;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string Escaped(std::string_view segment) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : segment) {
    if (IsPlain(c)) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kHex[byte >> 4], kHex[byte & 0xF]};
  }
  return escaped;
}

}  // namespace

Operation::Call SchemaCall(std::string_view collection) {
  Operation::Call call;
  call.rest_path = "/v1/schema/" + Escaped(CollectionName(collection));
  return call;
}

std::optional<ClassSchema> SchemaOf(const runtime::OperationContext& context, const Operation::Outcome& outcome) {
  if (outcome.status.code != 0) return std::nullopt;
  return ReadClassSchema(outcome.status.body, context.api.spec().max_depth);
}

void Schemas::Want(std::string_view collection) {
  if (!context_.api.facts().rest || wanted_.size() == kMostSchemas) return;
  std::string name = CollectionName(collection);
  const auto same = [&name](const Wanted& one) { return one.collection == name; };
  if (std::none_of(wanted_.begin(), wanted_.end(), same)) wanted_.push_back({std::move(name), std::nullopt});
}

void Schemas::AddCalls(std::vector<Operation::Call>* calls) const {
  for (const Wanted& one : wanted_) calls->push_back(SchemaCall(one.collection));
}

void Schemas::Take(std::span<const Operation::Outcome> outcomes) {
  for (size_t i = 0; i < wanted_.size(); ++i) wanted_[i].schema = SchemaOf(context_, outcomes[i]);
}

const ClassSchema* Schemas::Find(std::string_view collection) const {
  if (wanted_.empty()) return nullptr;
  const std::string name = CollectionName(collection);
  for (const Wanted& one : wanted_)
    if (one.collection == name) return one.schema ? &*one.schema : nullptr;
  return nullptr;
}

}  // namespace vecgate::translators::weaviate
