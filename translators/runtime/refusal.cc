// Requests that were understood and are refused.
#include "runtime/body.h"
#include "runtime/json_reader.h"
#include "runtime/route.h"

namespace vecgate::runtime {

bool JsonReader::FailUnlocated(const JsonValue& value, std::string_view text) {
  bool fresh = !failed_;
  FailText(value, text);
  if (fresh) located_ = false;
  return false;
}

bool JsonReader::Refuse(uint32_t status, std::string_view text) {
  if (refused_ == 0) {
    refused_ = status;
    error_text_ = std::string(text);
  }
  failed_ = true;
  return false;
}

bool JsonReader::RefuseUnavailable(std::string_view what) {
  return Refuse(501, FillTemplate(texts_.unavailable, {{"what", what}}));
}

}  // namespace vecgate::runtime
