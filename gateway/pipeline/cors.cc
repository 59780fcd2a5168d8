#include "pipeline/cors.h"

#include "base/text.h"


namespace vecgate::pipeline {
namespace {

constexpr std::string_view kVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n";
constexpr std::string_view kMethods =
    "access-control-allow-methods: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, CONNECT, TRACE\r\n";

const base::Header* Find(base::Headers headers, std::string_view name) {
  for (const base::Header& header : headers) {
    if (base::EqualsIgnoreCase(header.name, name)) return &header;
  }
  return nullptr;
}

}  // namespace

bool IsPreflight(std::string_view method, base::Headers headers) {
  return method == "OPTIONS" && Find(headers, "origin") != nullptr &&
         Find(headers, "access-control-request-method") != nullptr;
}

std::string CorsFields(base::Headers headers, bool preflight, std::string_view vary) {
  std::string fields = base::Concat("vary: ", vary, vary.empty() ? "" : ", ", kVary);
  // Field values were checked when the head was read: no line ends in them.
  if (const base::Header* const origin = Find(headers, "origin")) {
    base::Append(&fields, "access-control-allow-origin: ", origin->value, "\r\n");
  }
  if (!preflight) return fields;
  base::Append(&fields, kMethods);
  if (const base::Header* const wanted = Find(headers, "access-control-request-headers")) {
    base::Append(&fields, "access-control-allow-headers: ", wanted->value, "\r\n");
  }
  return fields;
}

}  // namespace vecgate::pipeline
