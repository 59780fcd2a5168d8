// Runtime functions of the nasty API alone.
#pragma once

#include <string>

#include "nasty/v1/common.pb.h"
#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::nasty {

// A page is a text.
inline bool ReadPageText(runtime::JsonReader& reader, const runtime::JsonValue& value, ::nasty::v1::Page* page) {
  if (value.kind() != runtime::Kind::kString) return reader.FailType(value, "a page");
  page->set_text(std::string(value.AsString()));
  return true;
}
inline void WritePageText(const ::nasty::v1::Page& page, runtime::JsonWriter& writer) { writer.String(page.text()); }

}  // namespace vecgate::translators::nasty
