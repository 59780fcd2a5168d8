#include "weaviate/upstream_texts.h"

#include "runtime/concat.h"

namespace vecgate::translators::weaviate {
namespace {

bool Has(std::string_view text, std::string_view words) { return text.find(words) != std::string_view::npos; }

// "class X" before "has multi-tenancy ...".
std::string_view Mismatch(std::string_view text, std::string_view words) {
  const size_t at = text.find(words);
  if (at == std::string_view::npos) return {};
  const size_t start = text.rfind("class ", at);
  return start == std::string_view::npos ? text.substr(at) : text.substr(start);
}

}  // namespace

bool IsUnknownCollection(const runtime::CallOutcome& outcome) {
  return !outcome.from_client && outcome.code != 0 && Has(outcome.message, "could not find class");
}

bool IsPassing(const runtime::CallOutcome& outcome) {
  switch (outcome.code) {
    case 1: case 4: case 8: case 10: case 14: return true;  // CANCELLED ... UNAVAILABLE
    default: return outcome.from_client && outcome.code != 0;
  }
}

bool IsForbidden(std::string_view text) { return Has(text, "forbidden action"); }

std::string_view From(std::string_view text, std::string_view words) {
  const size_t at = text.find(words);
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

std::string_view TenantFault(std::string_view text) {
  for (const std::string_view words :
       {"has multi-tenancy enabled, but request was without tenant", "has multi-tenancy disabled, but request was with tenant"})
    if (const std::string_view fault = Mismatch(text, words); !fault.empty()) return fault;
  for (const std::string_view words : {"tenant not found", "tenant not active"})
    if (const std::string_view fault = From(text, words); !fault.empty()) return fault;
  return {};
}

bool IsTenancyMismatch(std::string_view tenant_fault) { return Has(tenant_fault, "has multi-tenancy"); }

std::string PropertyFault(std::string_view text) {
  constexpr std::string_view kFloat = ", but float64";
  constexpr std::string_view kFraction = "requires an integer, the given value is '";
  if (text.ends_with(kFloat)) return runtime::Concat(text.substr(0, text.size() - kFloat.size()), ", but json.Number");
  if (const size_t at = text.find(kFraction); at != std::string_view::npos) {
    const std::string_view value = text.substr(at + kFraction.size());
    return runtime::Concat(text.substr(0, at), "the JSON number '", value.substr(0, value.rfind('\'')),
                           "' could not be converted to an int");
  }
  return std::string(text);
}

bool IsValidationFault(std::string_view text) {
  return text.starts_with("invalid ") || text.starts_with("auto-schema: ") || text.starts_with("no such prop with name") ||
         text.starts_with("reference property is not ");
}

bool IsSchemaFault(std::string_view text) {
  return Has(text, "is not a valid class name") || Has(text, "is a reserved property name") ||
         Has(text, "is not a valid property name");
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return lower;
}

}  // namespace vecgate::translators::weaviate
