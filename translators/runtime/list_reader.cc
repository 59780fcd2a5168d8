#include <new>

#include "runtime/json_reader.h"

namespace vecgate::runtime {

ListReader::ListReader(JsonReader& reader, const JsonValue& value, std::string_view expecting, bool one_or_many,
                       std::string_view segment)
    : reader_(reader), list_(value) {
  many_ = value.kind() == Kind::kArray;
  if (many_) {
    new (cursor_) ArrayCursor(value);
  } else if (!one_or_many || (!expecting.empty() && value.kind() != Kind::kObject)) {
    ok_ = reader_.FailType(value, expecting);
  }
  frame_.segment = segment;
  reader_.Push(&frame_);
}

ListReader::~ListReader() { reader_.Pop(); }

bool ListReader::Next() {
  if (!ok_ || reader_.failed()) return false;
  if (!many_) {
    if (started_) return false;
    started_ = true;
    frame_.index = 0;
    value_ = list_;
    return true;
  }
  ArrayCursor& cursor = elements();
  if (started_) {
    cursor.Advance();
    ++frame_.index;
  } else {
    frame_.index = 0;
  }
  started_ = true;
  if (cursor.Done()) return false;
  value_ = cursor.value();
  return true;
}

size_t ListReader::size() const {
  if (!ok_) return 0;
  return many_ ? list_.size() : 1;
}

}  // namespace vecgate::runtime
