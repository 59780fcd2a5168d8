#include <new>

#include "runtime/json_reader.h"

namespace vecgate::runtime {

MapReader::MapReader(JsonReader& reader, const JsonValue& value, std::string_view expecting, std::string_view segment)
    : reader_(reader) {
  if (value.kind() == Kind::kObject) {
    new (cursor_) ObjectCursor(value);
  } else {
    ok_ = reader_.FailType(value, expecting);
  }
  frame_.segment = segment;
  frame_.is_entry = true;
  reader_.Push(&frame_);
}

MapReader::~MapReader() { reader_.Pop(); }

bool MapReader::Next() {
  if (!ok_ || reader_.failed()) return false;
  ObjectCursor& cursor = members();
  if (started_) {
    cursor.Advance();
    ++frame_.ordinal;
  }
  started_ = true;
  if (cursor.Done()) return false;
  frame_.key = cursor.key();
  frame_.entry_violated = false;
  value_ = cursor.value();
  return true;
}

}  // namespace vecgate::runtime
