#include "pipeline/media_types.h"

#include "base/text.h"

namespace vecgate::pipeline {
namespace {

constexpr std::string_view kJson = "application/json";

// "q=0", "q=0.0": what is named is what the client does not take.
bool IsRefused(std::string_view parameters) {
  for (const std::string_view parameter : base::Split(parameters, ';')) {
    const std::string_view text = base::Trim(parameter);
    if (!base::StartsWithIgnoreCase(text, "q=")) continue;
    const std::string_view quality = text.substr(2);
    return !quality.empty() && quality.find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

std::string_view Before(std::string_view text, char end) { return text.substr(0, text.find(end)); }

}  // namespace

std::string_view BodyTypeOf(const http::RequestHead& head) {
  const std::string_view type = base::Trim(Before(head.Find("content-type"), ';'));
  return type.empty() ? "application/octet-stream" : type;
}

bool IsJson(std::string_view type) { return base::EqualsIgnoreCase(type, kJson); }

bool TakesJson(const http::RequestHead& head) {
  bool said = false;
  for (const base::Header& header : head.headers) {
    if (!base::EqualsIgnoreCase(header.name, "accept") || base::Trim(header.value).empty()) continue;
    said = true;
    for (const std::string_view range : base::Split(header.value, ',')) {
      const std::string_view type = base::Trim(Before(range, ';'));
      const bool fits = IsJson(type) || type == "*/*" || base::EqualsIgnoreCase(type, "application/*");
      if (fits && !IsRefused(range.substr(Before(range, ';').size()))) return true;
    }
  }
  return !said;
}

}  // namespace vecgate::pipeline
